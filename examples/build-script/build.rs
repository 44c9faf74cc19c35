//! Generates `decay.rs` and `penalties.rs` in `OUT_DIR`.

fn main() {
    let built = hesse_build::Builder::new().formula("models/decay.hes").rust("models/penalties.rs").compile();
    if let Err(error) = built {
        eprintln!("{error}");
        std::process::exit(1);
    }
}
