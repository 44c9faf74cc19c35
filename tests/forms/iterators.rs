// Iterators: positions, lengths and order.

forms! {
    a b w x y k;
    take_more_than_there_is { (2..3).map(|q| q as f64 * a).take(4).sum() }
    take_of_a_slice { w[0..2].iter().take(3).map(|w| w * a).sum() }
    take_of_an_array { w.iter().take(9).map(|w| w * a).sum() }
    take_nothing { b + w.iter().take(0).map(|w| w * a).sum::<f64>() }
    take_twice { w.iter().take(3).take(2).sum() }
    take_after_skip { w.iter().skip(1).take(2).map(|w| w * a).sum() }
    skip_after_take { w.iter().take(3).skip(1).map(|w| w * a).sum() }
    skip_more_than_there_is { b + w.iter().skip(7).map(|w| w * a).sum::<f64>() }
    skip_twice { w.iter().skip(1).skip(2).map(|w| w * a).sum() }
    skip_count { a * w.iter().skip(1).count() as f64 }
    skip_too_many_count { a * w.iter().skip(9).count() as f64 }
    windows_count { a * w.windows(2).count() as f64 + b * w.windows(7).count() as f64 }
    windows_too_wide { b + w.windows(6).map(|p| p[0] * a).sum::<f64>() }
    range_below_its_begin_count { a * (5..3).count() as f64 }
    range_count_zipped { a * (5..3).zip(w).count() as f64 + b * (0..3).zip(w).count() as f64 }
    zip_unequal { w.iter().zip(&w[1..]).map(|(p, q)| p * q).sum() }
    zip_unequal_from_the_other_side { w[1..].iter().zip(w).map(|(p, q)| p - q * a).sum() }
    zip_unequal_run_time { x.iter().zip(&x[1..]).map(|(p, q)| a * p * q).sum() }
    zip_unequal_run_time_skip { x.iter().zip(x.iter().skip(2)).map(|(p, q)| a * p * q).sum() }
    zip_unequal_backward { w.iter().zip(&w[1..]).rev().enumerate().map(|(i, (p, q))| p * q * (i + 1) as f64).sum() }
    zip_of_backward { w.iter().rev().zip(&w[1..]).map(|(p, q)| p * q).sum() }
    zip_of_three { w.iter().zip(&w[2..]).zip(&w[1..]).map(|((p, q), r)| p * q - r).sum() }
    backward_of_take { w.iter().take(3).rev().enumerate().map(|(i, w)| w * i as f64).sum() }
    take_of_backward { w.iter().rev().take(3).enumerate().map(|(i, w)| w * i as f64).sum() }
    backward_of_skip { w.iter().skip(1).rev().enumerate().map(|(i, w)| w * i as f64).sum() }
    skip_of_backward { w.iter().rev().skip(1).enumerate().map(|(i, w)| w * i as f64).sum() }
    backward_twice { w.iter().rev().rev().enumerate().map(|(i, w)| w * i as f64).sum() }
    backward_numbered { w.iter().enumerate().rev().map(|(i, w)| w * i as f64).sum() }
    strided { w.iter().step_by(3).map(|w| w * a).sum() }
    strided_skip { w.iter().skip(1).step_by(2).map(|w| w * a).sum() }
    skip_of_strided { w.iter().step_by(2).skip(1).map(|w| w * a).sum() }
    strided_of_take { w.iter().take(3).step_by(2).map(|w| w * a).sum() }
    take_of_strided { w.iter().step_by(2).take(1).map(|w| w * a).sum() }
    strided_of_backward { w.iter().rev().step_by(2).enumerate().map(|(i, w)| w * (i + 1) as f64).sum() }
    backward_of_strided { w.iter().step_by(2).rev().enumerate().map(|(i, w)| w * (i + 1) as f64).sum() }
    strided_numbered { w.iter().step_by(2).enumerate().map(|(i, w)| w * (i + 1) as f64).sum() }
    numbered_strided { w.iter().enumerate().step_by(2).map(|(i, w)| w * (i + 1) as f64).sum() }
    range_strided { (1..4).step_by(2).map(|i| w[i] * i as f64).sum() }
    range_inclusive_backward { (1..=3).rev().enumerate().map(|(n, i)| w[i] * n as f64).sum() }
    filtered { w.iter().filter(|w| **w > 0.0).map(|w| w * a).sum() }
    filtered_numbered { w.iter().enumerate().filter(|(i, w)| *i > 0 && **w < b).map(|(i, w)| w * i as f64).sum() }
    filtered_twice { w.iter().filter(|w| **w > -1.0).filter(|w| **w < 1.0).map(|w| w * a).sum() }
    filtered_backward { w.iter().filter(|w| **w > 0.0).rev().map(|w| w * a).sum() }
    filtered_product { w.iter().filter(|w| **w > 0.0).map(|w| w * a).product() }
    filtered_count { a * w.iter().filter(|w| **w > 0.0).count() as f64 }
    flattened { [[a, b], [b, 2.0]].iter().flatten().map(|v| v * v).sum() }
    folded_in_order { w.iter().fold(a, |p, w| p * b + w) }
    folded_backward { w.iter().rev().fold(a, |p, w| p * b + w) }
    folded_take { w.iter().skip(1).take(7).fold(a, |p, w| p * b + w) }
    folded_filter { w.iter().filter(|w| **w > 0.0).fold(a, |p, w| p + w * b) }
    any_and_all { if w.iter().any(|&w| w > 1.0) { a } else if w.iter().all(|&w| w > 0.0) { b } else { a * b } }
    parts { w.chunks_exact(3).map(|p| p[0] * p[2] * a).sum() }
    parts_backward { w.chunks_exact(2).rev().enumerate().map(|(i, p)| (i + 1) as f64 * p[0] * p[1]).sum() }
    collected { let z: Vec<f64> = w.iter().skip(1).map(|w| w * a).collect(); z.iter().zip(w).map(|(p, q)| p * q).sum() }
    collected_take { let z: Vec<f64> = w.iter().take(9).map(|w| w * a).collect(); z.len() as f64 * z[3] }
}
