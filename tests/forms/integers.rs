// Integers: quotients are rounded toward zero, one after the other.

forms! {
    a b w x y k;
    halved { let mut n = 7; n /= 2; a * n as f64 }
    halved_twice { let mut n = 15; n /= 2; n /= 2; a * n as f64 }
    scaled_and_halved { let mut n = 3; n = n * 3 / 2; a * n as f64 }
    halved_and_scaled { let mut n = 3; n = n / 2 * 3; a * n as f64 }
    factor_before { let mut n = 3; n = 7 / 2 * n; a * n as f64 }
    factors_around { let mut n = 3; n = 5 * n / 2; a * n as f64 }
    by_itself { let mut n = 5; n = n * (n + 2) / 3; a * n as f64 }
    negative_quotient { let n = -7; a * (n / 2) as f64 + b * (n % 3) as f64 }
    negative_divisor { let n = 7i64; a * (n / -2) as f64 + b * (n % -3) as f64 }
    doubled { let mut n = 3; n *= 2; n += 1; w[n - 4] * a }
    quotients_of_indices { (0..200).map(|i| (i / 49) as f64 * a + (i % 49) as f64 * b).sum() }
    quotients_by_many { (1..60).map(|i| (1..60).map(|j| (j / i) as f64 * a + (j % i) as f64 * b).sum::<f64>()).sum() }
    quotients_below_zero { k.iter().map(|&k| ((k as i64 - 1) * 7 / 3) as f64 * a + ((k as i64 - 2) * 5 % 4) as f64 * b).sum() }
    quotient_of_products { (0..40).map(|i| (i * 3 / 2) as f64 * a + (i / 2 * 3) as f64 * b).sum() }
    quotient_of_quotients { (0..100).map(|i| (i / 3 / 5) as f64 * a + (i / (3 * 5)) as f64 * b).sum() }
    quotients_of_data { k.iter().map(|&k| (k * 7 / 3) as f64 * a + (k * 10 % 7) as f64 * b).sum() }
    halved_in_a_loop { let mut n = 100; let mut e = 0.0; for i in 0..5 { n /= 2; e += w[i % 4] * n as f64; } e }
    every_other { (0..4).map(|i| if i % 2 == 0 { w[i] } else { -w[i] * a }).sum() }
    days_of_the_week { (0..x.len()).map(|i| x[i] * if i % 7 == 0 || i / 2 == 1 { a } else { b }).sum() }
    integer_elements { let mut n = [9, 8]; n[0] /= 2; n[1] = n[1] * 3 / 5; a * (n[0] + n[1]) as f64 }
    powers { (1..5usize).map(|i| i.pow(2) as f64 * a + i.abs_diff(3) as f64 * b).sum() }
    float_quotients { let mut p = a; p = p * 3.0 / 2.0; p = 5.0 / 2.0 * p; p /= 4.0; p }
    float_quotient_of_itself { let mut p = a + 3.0; p = p * 3.0 / p; p * b }
    quotients_in_a_fold { w.iter().fold(1.0, |p, w| p * (w + 3.0) / 2.0) }
}
