//! The plot in the book is made of the times beside it.

use std::fs;
use std::path::Path;

use hesse_benches::plot;

#[test]
fn the_plot_in_the_book_is_made_of_its_times() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../book/src/benchmarks");
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let svg = plot::svg(&[read("times.tsv"), read("peers.tsv")]).unwrap();
    if std::env::var_os("HESSE_BLESS").is_some() {
        fs::write(folder.join("times.svg"), &svg).unwrap();
    }
    assert!(svg == read("times.svg"), "draw it anew with HESSE_BLESS=1 and look at it");
}

#[test]
fn what_is_no_time_is_refused() {
    let found = plot::svg(&["gauss3\tHesse\tfast\n".to_owned()]).unwrap_err();
    assert_eq!(found, "workload, contestant and seconds were expected, not `gauss3\tHesse\tfast`");
    let found = plot::svg(&["gauss3\tHesse\t1e-6\n".to_owned()]).unwrap_err();
    assert_eq!(found, "`gauss3` has no time by hand");
}
