//! The functions of a module for NumPy.

use super::body::Body;
use super::support::{ARRAY, LOOKUP, Own, RESERVED, SYMMETRIC};
use crate::emit::Output;
use crate::functions::Function;
use crate::graph::{Declaration, Extent, Role};
use crate::languages::positions::{product, sum};
use crate::languages::unit::{Prepared, Unit, describe, function, own_dimensions, target};
use crate::schedule::{Kernel, vectorize};

impl Unit<'_> {
    /// A Python module for NumPy: the functions of the outputs, and a class `ErrorFunction` that binds data and takes
    /// one flat vector of parameters, as optimizers want it.
    ///
    /// Functions take parameters and data in order of their declaration, then the named extents that no array tells,
    /// then directions, and return what they compute; Hessians are whole matrices.
    ///
    /// # Errors
    /// The first function that Python does not have.
    pub fn python(&self) -> Result<String, Function> {
        let unit = Prepared::new(self, vectorize, RESERVED);
        let mut writer = Writer { unit: &unit, used: vec![ARRAY], missing: None };
        let functions = writer.functions();
        let surface = writer.surface();
        match writer.missing {
            Some(missing) => Err(missing),
            None => Ok(writer.module(&functions, surface.as_deref().unwrap_or(""))),
        }
    }
}

pub(super) struct Writer<'a> {
    pub(super) unit: &'a Prepared,
    used: Vec<Own>,
    missing: Option<Function>,
}

impl Writer<'_> {
    fn functions(&mut self) -> String {
        let unit = self.unit;
        let mut text = String::new();
        for (output, kernel) in &unit.kernels.outputs {
            text.push_str(&self.function(*output, kernel));
        }
        if let Some(kernel) = &unit.kernels.pattern {
            text.push_str(&self.pattern(kernel));
        }
        if let Some([scale, count, observations]) = &unit.kernels.squares {
            text.push_str(&self.of_data("residual_scale", "The factor s in E = s sum(r^2).", scale, "value"));
            text.push_str(&self.of_data("residual_count", "The number of residuals.", count, "int(value)"));
            let doc = "The number of residuals whose weight is not zero.";
            text.push_str(&self.of_data("observation_count", doc, observations, "int(value)"));
        }
        text
    }

    fn function(&mut self, output: Output, kernel: &Kernel) -> String {
        let request = kernel.request;
        let mut body = Body::new(self.unit, kernel);
        let mut parameters = self.inputs(|_| true);
        parameters.extend(
            own_dimensions(request).iter().filter(|own| **own != "vectors").map(|&own| own.to_owned()),
        );
        let mut text = self.prologue(|_| true);
        let count = self.count();
        if request.block {
            parameters.push("directions".to_owned());
            text.push_str(
                "    directions = np.asarray(directions, dtype=float)\n    vectors = directions.shape[1]\n",
            );
            text.push_str(&format!(
                "    directions = _array(\"directions\", directions, ({count}, vectors)).ravel()\n"
            ));
        } else if request.product || request.directional {
            parameters.push("direction".to_owned());
            text.push_str(&format!("    direction = _array(\"direction\", direction, ({count},))\n"));
        }
        let mut results = Vec::new();
        let mut buffer =
            |name: &str, length: &str| text.push_str(&format!("    {name} = np.zeros({length})\n"));
        if request.directional {
            buffer("derivatives", "4");
            results.push("derivatives".to_owned());
        }
        if request.value || request.gauss_newton {
            results.push("value".to_owned());
        }
        if request.gradient || request.product || request.diagonal {
            let (name, length) =
                (target(request), if request.block { format!("({count}) * vectors") } else { count.clone() });
            buffer(name, &length);
            results.push(if request.block {
                format!("{name}.reshape(-1, vectors)")
            } else {
                name.to_owned()
            });
        }
        if request.hessian || request.gauss_newton {
            buffer("hessian", &format!("({count}) * ({count} + 1) // 2"));
            results.push(format!("_symmetric(hessian, {count})"));
            self.needs(SYMMETRIC);
        }
        if request.sparse {
            buffer("values", &body.positions.entries());
            results.push("values".to_owned());
        }
        if request.value || request.gauss_newton {
            text.push_str("    value = np.float64(0.0)\n");
        }
        if request.directional {
            results.retain(|result| result == "derivatives");
        }
        let head = format!("def {}({}):", function(output), parameters.join(", "));
        let mut whole =
            definition(&head, describe(output), &(text + &self.statements(&mut body)), &results.join(", "));
        // Parts of what is computed in one pass.
        let passed = parameters.join(", ");
        let part = |name: &str, documentation: &str, at: usize| {
            let head = format!("def {name}({passed}):");
            format!(
                "\n\n{head}\n    \"\"\"{documentation}\"\"\"\n    return {}({passed})[{at}]\n",
                function(output)
            )
        };
        match output {
            Output::Gradient => whole.push_str(&part("gradient", "The gradient of E.", 1)),
            Output::Hessian => whole.push_str(&part("hessian", "The Hessian of E.", 2)),
            _ => {}
        }
        whole
    }

    fn pattern(&mut self, kernel: &Kernel) -> String {
        let mut body = Body::new(self.unit, kernel);
        let entries = body.positions.entries();
        let is_bound = |d: &Declaration| d.role != Role::Parameter;
        let text = format!(
            "{}    rows = np.zeros({entries}, dtype=np.intp)\n    columns = np.zeros({entries}, dtype=np.intp)\n{}",
            self.prologue(is_bound),
            self.statements(&mut body)
        );
        let documentation = "Row and column of every value of the sparse Hessian, row >= column, in a fixed order.\n\n    \
             A pair may occur more than once; its values then add up.\n    ";
        let head = format!("def hessian_pattern({}):", self.inputs(is_bound).join(", "));
        definition(&head, documentation, &text, "rows, columns")
    }

    /// A number that depends on data and sizes alone.
    fn of_data(&mut self, name: &str, documentation: &str, kernel: &Kernel, result: &str) -> String {
        let mut body = Body::new(self.unit, kernel);
        let is_bound = |d: &Declaration| d.role != Role::Parameter;
        let text =
            format!("{}    value = np.float64(0.0)\n{}", self.prologue(is_bound), self.statements(&mut body));
        definition(
            &format!("def {name}({}):", self.inputs(is_bound).join(", ")),
            documentation,
            &text,
            result,
        )
    }

    fn statements(&mut self, body: &mut Body<'_>) -> String {
        let text = body.text();
        body.used.iter().for_each(|&own| self.needs(own));
        self.missing = self.missing.or(body.missing);
        text
    }

    fn needs(&mut self, own: Own) {
        if !self.used.contains(&own) {
            self.used.push(own);
        }
    }

    /// Parameters and data that `wanted` picks, then the sizes that none of them tells.
    pub(super) fn inputs(&self, wanted: impl Fn(&Declaration) -> bool) -> Vec<String> {
        let names = self.unit.inputs().filter(|(d, _)| wanted(d)).map(|(_, name)| name.to_owned());
        let sizes =
            self.unit.dimensions.iter().enumerate().filter(|(at, _)| self.told(*at, &wanted).is_none());
        names.chain(sizes.map(|(_, name)| name.clone())).collect()
    }

    /// The expression for a size, from the first array that tells it.
    fn told(&self, dimension: usize, wanted: &impl Fn(&Declaration) -> bool) -> Option<String> {
        self.unit.inputs().filter(|(d, _)| wanted(d)).find_map(|(declaration, name)| {
            let is_it = |e: &Extent| matches!(e, Extent::Named(d) if d.0 as usize == dimension);
            let axis = declaration.shape.iter().position(is_it)?;
            Some(format!("np.shape({name})[{axis}]"))
        })
    }

    /// Sizes, and inputs as arrays of the shapes that they must have.
    pub(super) fn prologue(&mut self, wanted: impl Fn(&Declaration) -> bool) -> String {
        let mut text = String::new();
        for (at, name) in self.unit.dimensions.iter().enumerate() {
            if let Some(length) = self.told(at, &wanted) {
                text.push_str(&format!("    {name} = {length}\n"));
            }
        }
        let unit = self.unit;
        for (declaration, name) in unit.inputs().filter(|(d, _)| wanted(d)) {
            let shape: String =
                unit.extents(declaration).iter().map(|extent| format!("{extent}, ")).collect();
            let shape = format!(
                "({})",
                if declaration.shape.len() == 1 { shape.trim_end() } else { shape.trim_end_matches(", ") }
            );
            let line = match declaration.role {
                Role::Lookup => {
                    self.needs(LOOKUP);
                    format!("    {name} = _lookup(\"{name}\", {name}, {shape})\n")
                }
                _ if declaration.shape.is_empty() => format!("    {name} = np.float64({name})\n"),
                _ => format!("    {name} = _array(\"{name}\", {name}, {shape})\n"),
            };
            text.push_str(&line);
        }
        text
    }

    /// The number of parameters.
    pub(super) fn count(&self) -> String {
        let parameters = self.unit.declarations.iter().filter(|d| d.role == Role::Parameter);
        sum(parameters.map(|d| product(self.unit.extents(d).into_iter())))
    }

    fn module(&self, functions: &str, surface: &str) -> String {
        let mut text = format!("\"\"\"Derivatives of `{}`.\n\n{}\"\"\"\n\n", self.unit.name, self.overview());
        let uses_math = self.used.iter().any(|(_, definition)| definition.contains("math."));
        text.push_str(if uses_math { "import math\n\nimport numpy as np\n" } else { "import numpy as np\n" });
        for (_, definition) in &self.used {
            text.push_str(&format!("\n\n{definition}"));
        }
        text.push_str(functions);
        text.push_str(surface);
        text
    }

    fn overview(&self) -> String {
        let shape = |(declaration, name): (&Declaration, &str)| match self.unit.extents(declaration) {
            extents if extents.is_empty() => name.to_owned(),
            extents => format!("{name}[{}]", extents.join(", ")),
        };
        let of = |wanted: fn(Role) -> bool| {
            let names: Vec<String> = self.unit.inputs().filter(|(d, _)| wanted(d.role)).map(shape).collect();
            names.join(", ")
        };
        let mut text = format!("Parameters, in order: {}.\n", of(|role| role == Role::Parameter));
        let data = of(|role| role != Role::Parameter);
        if !data.is_empty() {
            text.push_str(&format!("Data: {data}.\n"));
        }
        text.push_str(
            "Gradients and Hessians are laid out in the order of the parameters, arrays row by row.\n",
        );
        text
    }
}

fn definition(head: &str, documentation: &str, body: &str, results: &str) -> String {
    format!(
        "\n\n@np.errstate(all=\"ignore\")\n{head}\n    \"\"\"{documentation}\"\"\"\n{body}    return {results}\n"
    )
}
