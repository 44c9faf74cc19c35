//! Generated code, the versions written by hand and hyper-dual numbers agree on small workloads.

use hesse_benches::check;
use hesse_benches::workloads::{Filter, Size, all};

#[test]
fn everybody_computes_the_same() {
    let mut count = 0;
    all(Size::Small, Filter::Contains(""), &mut |workload| {
        check::workload(workload);
        count += 1;
    });
    assert_eq!(count, 13);
}
