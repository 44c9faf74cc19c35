// Arrays of the function whose length is known at run time only.

forms! {
    a b w x y k;
    shifted_run_time_length {
        let mut z = vec![0.0; x.len()];
        for i in 1..x.len() { z[i] += a * (x[i] - x[i - 1]); }
        z.iter().map(|z| z * z).sum()
    }
    shifted_run_time_assignment {
        let mut z = vec![b; x.len()];
        for i in 1..x.len() { z[i - 1] = a * (x[i] - x[i - 1]); }
        z.iter().map(|z| z * z).sum()
    }
    shifted_run_time_read_where_written {
        let mut z = vec![b; x.len()];
        for i in 1..x.len() { z[i] = a * (x[i] - x[i - 1]); }
        (1..x.len()).map(|i| z[i] * z[i]).sum()
    }
    convolution_with_data {
        let mut z = vec![0.0; x.len() + 0];
        for i in 0..x.len() { z[i] += w[0] * x[i]; }
        for i in 1..x.len() { z[i] += w[1] * x[i - 1]; }
        for i in 2..x.len() { z[i] += w[2] * x[i - 2]; }
        z.iter().zip(y).map(|(z, y)| (z - y) * (z - y)).sum()
    }
}
