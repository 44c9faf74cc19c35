// Changes of elements: conditional, shifted, of both signs, at positions two loops share.

forms! {
    a b w x y k;
    conditional_elements {
        let mut z = [0.0; 4];
        for i in 0..4 { if w[i] > 0.0 { z[i] += w[i]; } }
        z[0] + 2.0 * z[1] + 3.0 * z[2]
    }
    conditional_elements_of_two_branches {
        let mut z = [a; 4];
        for i in 0..4 { if w[i] > 0.0 { z[i] += w[i]; } else { z[i] *= b; } }
        z[0] * z[1] + z[2] * z[3]
    }
    conditional_elements_of_one_branch_only {
        let mut z = [a; 4];
        for i in 0..4 { if w[i] <= 0.0 { } else { z[i] -= w[i] * b; } }
        z.iter().map(|z| z * z).sum()
    }
    conditional_assignment {
        let mut z = [a; 4];
        for i in 0..4 { if w[i] > b { z[i] = w[i] * w[i]; } }
        z.iter().enumerate().map(|(i, z)| z * (i + 1) as f64).sum()
    }
    conditions_inside_each_other {
        let mut z = [a; 4];
        for i in 0..4 { if w[i] > 0.0 { if w[i] > b { z[i] += 1.0 * w[i]; } else { z[i] -= w[i]; } } }
        z[0] + 2.0 * z[1] + 3.0 * z[2] + 4.0 * z[3]
    }
    elements_by_class {
        let mut z = [0.0; 3];
        for i in 0..x.len() { for j in 0..3 { if k[i] == j { z[j] += x[i] * a; } } }
        z[0] * z[1] + z[2] * b
    }
    elements_by_class_loops_exchanged {
        let mut z = [0.0; 3];
        for j in 0..3 { for i in 0..x.len() { if k[i] == j { z[j] += x[i] * a; } } }
        z[0] * z[1] + z[2] * b
    }
    elements_by_class_and_zip {
        let mut z = [0.0; 3];
        let mut n = [0.0; 3];
        for (x, &k) in x.iter().zip(k) { for j in 0..3 { if k == j { z[j] += x * a; n[j] += 1.0; } } }
        (0..3).map(|j| z[j] / (n[j] + 1.0)).map(|m| m * m).sum()
    }
    conditional_and_skipped {
        let mut z = [b; 4];
        for i in 0..4 { if w[i] < 0.0 { continue; } z[i] += w[i]; }
        z.iter().product()
    }
    conditional_matched {
        let mut z = [b; 4];
        for i in 0..4 { match i { 0 => z[i] += w[i], 1 | 2 => z[i] -= w[i], _ => {} } }
        z[0] * z[1] + z[2] * z[3]
    }
    conditional_whole_rows {
        let mut z = [[0.0; 2]; 4];
        for i in 0..4 { if w[i] > 0.0 { for j in 0..2 { z[i][j] += w[i] * (j + 1) as f64; } } }
        z.iter().map(|z| z[0] * z[1]).sum()
    }
    conditional_first_then_plain {
        let mut z = [0.0; 4];
        if a > 0.0 { for i in 0..4 { z[i] += w[i]; } }
        for i in 0..4 { z[i] += b; }
        z.iter().map(|z| z * z).sum()
    }
    conditional_loop_in_one_branch {
        let mut z = [1.0; 4];
        if a > 0.0 { for i in 0..4 { z[i] += w[i]; } } else { z[0] = b; }
        z.iter().map(|z| z * z).sum()
    }
    shifted_by_one {
        let mut z = [0.0; 5];
        for i in 0..4 { z[i + 1] += w[i]; }
        z.iter().enumerate().map(|(i, z)| (i + 1) as f64 * z * z).sum()
    }
    shifted_back {
        let mut z = [0.0; 4];
        for i in 1..4 { z[i - 1] += w[i] * a; }
        z.iter().enumerate().map(|(i, z)| (i + 1) as f64 * z * z).sum()
    }
    shifted_assignment {
        let mut z = [a; 5];
        for i in 0..4 { z[i + 1] = w[i]; }
        z.iter().enumerate().map(|(i, z)| (i + 1) as f64 * z * z).sum()
    }
    shifted_assignment_under_condition {
        let mut z = [a; 5];
        for i in 0..4 { if w[i] > b { z[i + 1] = w[i]; } }
        z.iter().enumerate().map(|(i, z)| (i + 1) as f64 * z * z).sum()
    }
    shifted_products {
        let mut z = [a; 5];
        for i in 0..3 { z[i + 2] *= w[i]; }
        z.iter().enumerate().map(|(i, z)| (i + 1) as f64 * z).sum()
    }
    shifted_largest {
        let mut z = [a; 5];
        for i in 0..3 { z[i + 2] = f64::max(z[i + 2], w[i]); }
        z.iter().enumerate().map(|(i, z)| (i + 1) as f64 * z).sum()
    }
    both_sides_of_a_spring {
        let mut z = [0.0; 4];
        for i in 0..3 { let force = a * (w[i + 1] - w[i]); z[i] += force; z[i + 1] -= force; }
        z.iter().map(|z| z * z).sum()
    }
    mirrored {
        let mut z = [0.0; 4];
        for i in 0..4 { z[3 - i] += w[i]; }
        z[0] * a + z[1] * b - z[3]
    }
    mirrored_and_shifted {
        let mut z = [0.0; 6];
        for i in 0..4 { z[4 - i] += w[i]; }
        z[0] * a + z[1] * b - z[3] + z[5]
    }
    convolution {
        let mut z = [0.0; 7];
        for i in 0..4 { for j in 0..4 { z[i + j] += w[i] * w[j]; } }
        z.iter().enumerate().map(|(i, z)| (i as f64 + a) * z).sum()
    }
    convolution_of_a_triangle {
        let mut z = [0.0; 7];
        for i in 0..4 { for j in 0..=i { z[i + j] += w[i] * w[j]; } }
        z.iter().enumerate().map(|(i, z)| (i as f64 + a) * z).sum()
    }
    convolution_weights_apart {
        let mut z = [0.0; 7];
        for i in 0..4 { for j in 0..4 { z[i + j] += w[i]; } }
        z.iter().map(|z| z * z).sum()
    }
    convolution_product {
        let mut z = [1.0; 7];
        for i in 0..4 { for j in 0..4 { z[i + j] *= w[i] + a; } }
        z[0] + z[3] + z[6]
    }
    differences_of_positions {
        let mut z = [0.0; 4];
        for i in 0..4 { for j in 0..=i { z[i - j] += w[i] * w[j]; } }
        z[0] * a + z[1] * b + z[2] + z[3]
    }
    triangle_of_one_axis {
        let mut z = [0.0; 4];
        for i in 0..4 { for j in 0..i { z[j] += w[i] * w[i - j]; } }
        z[0] * a + z[1] * b + z[2] + z[3]
    }
    triangle_of_both_axes {
        let mut z = [[0.0; 4]; 4];
        for i in 0..4 { for j in 0..=i { z[i][j] += w[i] * w[j]; } }
        (0..4).map(|i| (0..4).map(|j| z[i][j] * z[i][j]).sum::<f64>()).sum()
    }
    diagonal {
        let mut z = [[a; 4]; 4];
        for i in 0..4 { z[i][i] += w[i]; }
        (0..4).map(|i| (0..4).map(|j| z[i][j] * (i + 2 * j) as f64).sum::<f64>()).sum()
    }
    beside_the_diagonal {
        let mut z = [[0.0; 4]; 4];
        for i in 0..3 { z[i][i + 1] += w[i]; z[i + 1][i] -= w[i + 1]; }
        (0..4).map(|i| (0..4).map(|j| z[i][j] * (i + 2 * j + 1) as f64).sum::<f64>()).sum()
    }
    exchanged_axes {
        let mut z = [[0.0; 4]; 4];
        for i in 0..4 { for j in 0..4 { z[j][i] += w[i] * (j + 1) as f64; } }
        (0..4).map(|i| (0..4).map(|j| z[i][j] * (i + 2 * j + 1) as f64).sum::<f64>()).sum()
    }
    last_of_shared_positions {
        let mut z = [0.0; 7];
        for i in 0..4 { for j in 0..4 { z[i + j] = w[i]; } }
        z.iter().enumerate().map(|(i, z)| (i as f64 + a) * z).sum()
    }
    largest_of_shared_positions {
        let mut z: [f64; 7] = [0.0; 7];
        for i in 0..4 { for j in 0..4 { z[i + j] = z[i + j].max(w[i] * w[j]); } }
        z.iter().enumerate().map(|(i, z)| (i as f64 + 1.0) * z).sum()
    }
    read_before_and_after {
        let mut z = *w;
        let first = z[1];
        for i in 0..3 { z[i + 1] += w[i]; }
        first * z[1] + z[0] * z[3]
    }
    copied_before_a_change {
        let mut z = *w;
        let old = z;
        for i in 0..4 { z[i] *= old[3 - i]; }
        z[0] + 2.0 * z[1] + 3.0 * old[2]
    }
    rows_copied_before_a_change {
        let mut z = [[a, b], [b, a]];
        let row = z[0];
        z[0][1] += 1.0;
        for j in 0..2 { z[1][j] += row[j]; }
        z[0][1] * row[1] + z[1][0] * z[1][1]
    }
    running_total_of_elements {
        let mut z = *w;
        for i in 1..4 { z[i] += z[i - 1]; }
        z[3] * a + z[1]
    }
    running_total_under_condition {
        let mut z = *w;
        for i in 1..4 { if z[i - 1] > 0.0 { z[i] += z[i - 1]; } }
        z[3] * a + z[1]
    }
    exchanged_elements {
        let mut z = *w;
        (z[0], z[3]) = (z[3], z[0]);
        z[0] * a + z[3] * b
    }
    element_chosen_twice {
        let mut z = [0.0; 4];
        for i in 0..4 { z[i] = a; z[i] += w[i]; }
        z[1] * z[2]
    }
    elements_in_a_branch_then_a_loop {
        let mut z = [0.0; 4];
        for i in 0..4 {
            let s = if w[i] > 0.0 { a } else { b };
            z[i] += s * w[i];
        }
        z.iter().fold(0.0, |m, z| m + z * z)
    }
    shared_positions_read_while_changed {
        let mut z = [1.0; 7];
        for i in 0..4 { for j in 0..4 { z[i + j] += w[i] * z[i + j]; } }
        z[0] * a + z[3] + z[6]
    }
    shared_positions_of_two_kinds {
        let mut z = [a; 7];
        for i in 0..4 { for j in 0..4 { z[i + j] *= 0.5; z[i + j] += w[i]; } }
        z[0] * a + z[3] + z[6]
    }
    axes_told_one_after_the_other {
        let mut z = [[b; 7]; 4];
        for i in 0..4 { for j in 0..4 { z[i][i + j] *= 0.5; z[i][i + j] += w[j] * z[i][i + j]; } }
        (0..4).map(|i| (0..7).map(|j| z[i][j] * (i + j) as f64).sum::<f64>()).sum()
    }
    axes_told_in_reverse {
        let mut z = [[b; 4]; 7];
        for i in 0..4 { for j in 0..4 { z[i + j][i] = w[j] * a; } }
        (0..4).map(|i| (0..7).map(|j| z[j][i] * (i + 2 * j) as f64).sum::<f64>()).sum()
    }
}
