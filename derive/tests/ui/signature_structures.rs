use hesse::Parameters;

#[derive(Parameters)]
enum Choice {
    First,
}

#[derive(Parameters)]
struct Pair(f64, f64);

#[derive(Parameters)]
struct Generic<const N: usize> {
    w: [f64; N],
}

#[derive(Parameters)]
struct Named {
    label: [u8; 3],
}

fn main() {}
