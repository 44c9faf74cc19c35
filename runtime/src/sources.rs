//! The source text of what generated code names, for crates that bring it along.
//!
//! ```
//! use hesse_runtime::sources::FILES;
//!
//! let math = FILES.iter().find(|(path, _)| *path == "math/activation.rs");
//! assert!(math.is_some_and(|(_, text)| text.contains("pub fn softplus(x: f64) -> f64")));
//! ```

macro_rules! files {
    ($($path:literal)*) => {
        /// Path and text of each file: the traits, the layout of Hessians, elementary functions and lanes. What only
        /// other features need is left out.
        pub const FILES: &[(&str, &str)] = &[$(($path, include_str!($path)),)*];
    };
}

files! {
    "error_function.rs"
    "lanes/dispatch.rs"
    "lanes/exponential.rs"
    "lanes/gauss.rs"
    "lanes/groups.rs"
    "lanes/hyperbolic.rs"
    "lanes/logarithm.rs"
    "lanes/machine.rs"
    "lanes/mod.rs"
    "lanes/normal.rs"
    "lanes/panels.rs"
    "lanes/products.rs"
    "lanes/radius.rs"
    "lanes/rows.rs"
    "lanes/trigonometric.rs"
    "math/activation.rs"
    "math/bessel.rs"
    "math/gamma.rs"
    "math/lambert.rs"
    "math/mod.rs"
    "math/normal.rs"
    "packed.rs"
    "row_error_function.rs"
    "sparse.rs"
    "sparse_error_function.rs"
}

#[cfg(test)]
mod tests {
    #[test]
    #[allow(clippy::unwrap_used, reason = "in a test a panic is the report")]
    fn every_file_of_lanes_travels_but_the_one_for_processors() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/lanes");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = format!("lanes/{}", entry.unwrap().file_name().to_str().unwrap());
            assert!(path == "lanes/wide.rs" || super::FILES.iter().any(|(own, _)| *own == path), "{path}");
        }
    }
}
