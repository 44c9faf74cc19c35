//! The class that binds data and takes one flat vector of parameters.

use super::functions::Writer;
use crate::emit::Output;
use crate::graph::{Declaration, Role};
use crate::languages::positions::{product, sum};
use crate::languages::unit::function;

impl Writer<'_> {
    /// The class, where there is a function for it to call.
    pub(super) fn surface(&mut self) -> Option<String> {
        let is_bound = |d: &Declaration| d.role != Role::Parameter;
        let held = self.inputs(is_bound);
        let outputs: Vec<Output> = self.unit.kernels.outputs.iter().map(|(output, _)| *output).collect();
        let methods: String = outputs.iter().map(|output| self.methods(*output)).collect();
        if methods.is_empty() {
            return None;
        }
        let parameters: Vec<String> = std::iter::once("self".to_owned()).chain(held.clone()).collect();
        let mut text = format!(
            "\n\nclass ErrorFunction:\n    \"\"\"E with its data bound; methods take one flat vector of parameters.\n\n    \
             For `scipy.optimize.minimize(f.value, w, jac=f.gradient, hess=f.hessian, method=\"trust-exact\")`.\n    \
             \"\"\"\n\n    def __init__({}):\n",
            parameters.join(", ")
        );
        // The sizes of data are known here, so that those of parameters can be told from them.
        for line in self.prologue(is_bound).lines() {
            text.push_str(&format!("    {line}\n"));
        }
        // Sizes that parameters tell are no arguments of the functions.
        let taken = self.inputs(|_| true);
        let dictionary = |names: &mut dyn Iterator<Item = &String>| -> String {
            names.map(|name| format!("\"{name}\": {name}")).collect::<Vec<_>>().join(", ")
        };
        let data = dictionary(&mut held.iter().filter(|name| taken.contains(name)));
        text.push_str(&format!("        self._data = {{{data}}}\n"));
        if outputs.contains(&Output::SparseHessian) {
            text.push_str(&format!("        self._bound = {{{}}}\n", dictionary(&mut held.iter())));
        }
        text.push_str(&format!("        self.dimension = {}\n", self.count()));
        text.push_str(&self.split());
        text.push_str(&methods);
        Some(text)
    }

    /// The parameters by name, as views of the flat vector.
    fn split(&self) -> String {
        let (mut text, mut before) = (String::new(), Vec::new());
        let mut shapes = Vec::new();
        for (declaration, name) in self.unit.inputs().filter(|(d, _)| d.role == Role::Parameter) {
            let extents = self.unit.extents(declaration);
            let start = sum(before.clone());
            let length = product(extents.iter().cloned());
            before.push(length);
            let view = match extents.len() {
                0 => format!("w[{start}]"),
                _ => format!("w[{start} : {}].reshape({})", sum(before.clone()), extents.join(", ")),
            };
            shapes.push(format!("\"{name}\": {view}"));
        }
        text.push_str(&format!(
            "        self._split = lambda w: {{{}}}\n\n    def _arguments(self, w):\n        \
             w = _array(\"w\", w, (self.dimension,))\n        return self._split(w) | self._data\n",
            shapes.join(", ")
        ));
        text
    }

    fn methods(&self, output: Output) -> String {
        let method = |name: &str, more: &[&str], function: &str, documentation: &str| {
            let (declared, passed): (String, String) =
                more.iter().map(|name| (format!(", {name}"), format!(", {name}={name}"))).unzip();
            format!(
                "\n    def {name}(self, w{declared}):\n        \"\"\"{documentation}\"\"\"\n        \
                 return {function}(**self._arguments(w){passed})\n"
            )
        };
        let own = function(output);
        match output {
            Output::Value => method(own, &[], own, "E."),
            Output::Gradient => {
                method(own, &[], own, "E and its gradient.")
                    + &method("gradient", &[], "gradient", "The gradient of E.")
            }
            Output::Hessian => {
                method(own, &[], own, "E, its gradient and its Hessian.")
                    + &method("hessian", &[], "hessian", "The Hessian of E.")
            }
            Output::HessianVector => {
                method(own, &["direction"], own, "The product of the Hessian with `direction`.")
            }
            Output::HessianDiagonal => method(own, &[], own, "The diagonal of the Hessian."),
            Output::GaussNewton => method(own, &[], own, "The sum of squares and its Gauss-Newton matrix."),
            Output::SparseHessian => {
                let pattern = "\n    def hessian_pattern(self):\n        \"\"\"Rows and columns of the values of the sparse \
                               Hessian.\"\"\"\n        return hessian_pattern(**self._bound)\n";
                method(own, &[], own, "E, its gradient and the values of the sparse Hessian.") + pattern
            }
            _ => String::new(),
        }
    }
}
