use hesse::formula;

formula! {
    #[hesse(dense)]
    mod first;
    E = x^2
}

formula! {
    #[hesse(only(gradient, jacobian))]
    mod second;
    E = x^2
}

formula! {
    #[hesse(only(gauss_newton), parallel)]
    mod third;
    E = exp(x)
}

fn main() {
    let _ = formula! { #[hesse(only(value))] x^2 };
}
