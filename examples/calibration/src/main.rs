//! The same on a desk, with readings of a bench.

use calibration::{calibrate, misfit};

fn main() {
    let raw = [0.1, 0.4, 0.7, 1.0, 1.3, 1.6, 1.9, 2.2, 2.5];
    // One reading was disturbed.
    let truth = [12.1, 30.3, 49.2, 69.0, 89.6, 142.0, 133.2, 156.1, 180.0];
    match calibrate(&raw, &truth, [0.0, 60.0, 0.0]) {
        Some(w) => {
            let [offset, gain, bend] = w;
            println!("pressure = {offset:.3} + {gain:.3} raw + {bend:.3} raw²");
            println!("misfit {:.4}, slopes below 1e-6: {}", misfit(&w, &raw, &truth), {
                misfit::gradient(&w, &raw, &truth).iter().all(|slope| slope.abs() < 1e-6)
            });
        }
        None => println!("the readings do not determine the curve"),
    }
}
