use hesse::formula;

formula! { mod text; "param w[2]
E = (1 - w[0])^2 + 100*(w[1] - w[0]^2)^2 + w[2]" }

formula! { mod absent; file = "models/absent.hes" }

formula! { mod absolute; file = "/models/loss.hes" }

fn main() {}
