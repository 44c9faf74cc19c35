use hesse::formula;

formula! {
    mod decay;
    param a, b;
    data x[n], y[n];
    r[i] = y[i] - a*epx(-b*x[i]);
    E = sum(i, r[i]^2) + c[i]
}

formula! {
    mod ambiguous;
    E = x^2 + 1/2y
}

formula! {
    mod unfinished;
    E = (x - 1)^2 +
}

fn main() {
    let _ = formula!(x^2 + y^2 = 1);
}
