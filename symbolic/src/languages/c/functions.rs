//! The functions of a unit, their header and their source.

use super::body::{Body, clear};
use super::support::RESERVED;
use crate::emit::Output;
use crate::functions::Function;
use crate::graph::{Declaration, Role};
use crate::languages::names::mentions;
use crate::languages::positions::product;
use crate::languages::unit::{Prepared, Unit, describe, function, own_dimensions, target};
use crate::schedule::{Kernel, Request};

/// Longer lists of parameters are written one to a line.
const WIDTH: usize = 110;

/// C99 with its header.
///
/// ```
/// use hesse_symbolic::emit::Output;
/// use hesse_symbolic::languages::Unit;
///
/// let model = hesse_parser::formula::parse("param x; E = x^2", &Default::default()).unwrap();
/// let outputs = &Output::usual();
/// let unit = Unit { name: "square", graph: &model.graph, error: model.error, outputs };
/// let c = unit.c("square.h").unwrap();
/// assert!(c.header.contains("square_value(double x)") && c.source.contains("#include \"square.h\""));
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct C {
    /// Declarations with their documentation.
    pub header: String,
    /// Definitions.
    pub source: String,
}

impl Unit<'_> {
    /// The functions in C99, in the order of the kernel: plain loops, plain doubles, nothing allocated.
    ///
    /// A function `value_gradient` of a unit `loss` is `loss_value_gradient`. It takes parameters and data in order of
    /// their declaration, numbers as `double`, arrays as pointers to their elements row by row, look-ups as
    /// `size_t`, then the named extents, then directions and buffers. The source includes `header`.
    ///
    /// # Errors
    /// The first function that C does not have.
    pub fn c(&self, header: &str) -> Result<C, Function> {
        let unit = Prepared::new(self, Kernel::clone, RESERVED);
        let writer = Writer { unit: &unit };
        let functions = writer.functions();
        if let Some(missing) = functions.iter().find_map(|function| function.missing) {
            return Err(missing);
        }
        Ok(C { header: writer.header(&functions), source: writer.source(&functions, header) })
    }
}

struct Writer<'a> {
    unit: &'a Prepared,
}

/// One function of the unit.
struct Definition {
    documentation: String,
    /// Without the semicolon.
    head: String,
    body: String,
    used: Vec<(&'static str, &'static str)>,
    missing: Option<Function>,
}

impl Writer<'_> {
    fn functions(&self) -> Vec<Definition> {
        let mut functions = Vec::new();
        for (output, kernel) in &self.unit.kernels.outputs {
            self.function(*output, kernel, &mut functions);
        }
        if let Some(kernel) = &self.unit.kernels.pattern {
            self.pattern(kernel, &mut functions);
        }
        if let Some(kernels) = &self.unit.kernels.squares {
            let [scale, count, observations] = kernels;
            functions.push(self.of_data(
                "residual_scale",
                "double",
                "The factor s in E = s sum(r^2).",
                scale,
            ));
            functions.push(self.of_data("residual_count", "size_t", "The number of residuals.", count));
            let doc = "The number of residuals whose weight is not zero.";
            functions.push(self.of_data("observation_count", "size_t", doc, observations));
        }
        functions
    }

    fn function(&self, output: Output, kernel: &Kernel, functions: &mut Vec<Definition>) {
        let mut body = Body::new(self.unit, kernel);
        let workspace = body.workspace();
        let statements = body.text();
        let entries = body.entries();
        let request = kernel.request;
        let mut parameters = self.inputs(|_| true);
        parameters.extend(self.sizes(kernel));
        if let Some(direction) = direction(request) {
            parameters.push(format!("const double *{direction}"));
        }
        let buffers = buffers(request);
        parameters.extend(buffers.iter().map(|(name, _)| format!("double *{name}")));
        parameters.extend(workspace.is_some().then(|| "double *workspace".to_owned()));
        let has_value = request.value && !request.directional || request.gauss_newton;

        let mut text = String::new();
        let count = self.count();
        for (name, length) in &buffers {
            let length = length.text(&count, &entries);
            text.push_str(&format!("    {}\n", clear(name, &length)));
        }
        if has_value {
            text.push_str("    double value = 0.0;\n");
        }
        text.push_str(&statements);
        let name = function(output);
        let kind = if has_value { "double" } else { "void" };
        let mut documentation = describe(output).to_owned();
        for (name, length) in
            direction(request).map(|name| (name, Length::of_direction(request))).iter().chain(&buffers)
        {
            documentation.push_str(&format!("\n`{name}` has {} entries.", length.text(&count, &entries)));
        }
        if workspace.is_some() {
            documentation.push_str(&format!(
                "\n`workspace` has as many as `{}_{name}_workspace` says.",
                self.unit.name
            ));
        }
        functions.push(self.definition(kind, name, documentation, parameters, text, &mut body));
        if let Some(length) = workspace {
            let text = format!("    return {length};\n");
            let documentation = format!("The length of the workspace of `{}_{name}`.", self.unit.name);
            let name = format!("{name}_workspace");
            functions.push(self.definition(
                "size_t",
                &name,
                documentation,
                self.sizes(kernel),
                text,
                &mut body,
            ));
        }
    }

    fn pattern(&self, kernel: &Kernel, functions: &mut Vec<Definition>) {
        let mut body = Body::new(self.unit, kernel);
        let (statements, entries) = (body.text(), body.entries());
        let documentation = "The number of values of the sparse Hessian.".to_owned();
        let text = format!("    return {entries};\n");
        let sizes = self.sizes(kernel);
        functions.push(self.definition("size_t", "hessian_entries", documentation, sizes, text, &mut body));
        let mut parameters = self.inputs(|d| d.role != Role::Parameter);
        parameters.extend(self.sizes(kernel));
        parameters.extend(["rows", "columns"].map(|name| format!("size_t *{name}")));
        let documentation = format!(
            "Row and column of every value of the sparse Hessian, row >= column, in a fixed order. A pair may occur\n\
             more than once; its values then add up. `rows` and `columns` have {entries} entries."
        );
        let text = format!(
            "    for (size_t at = 0; at < {entries}; ++at) rows[at] = columns[at] = 0;\n{statements}"
        );
        functions.push(self.definition(
            "void",
            "hessian_pattern",
            documentation,
            parameters,
            text,
            &mut body,
        ));
    }

    /// A number that depends on data and sizes alone.
    fn of_data(&self, name: &str, kind: &str, documentation: &str, kernel: &Kernel) -> Definition {
        let mut body = Body::new(self.unit, kernel);
        let statements = body.text();
        let mut parameters = self.inputs(|d| d.role != Role::Parameter);
        parameters.extend(self.sizes(kernel));
        parameters.extend(body.workspace().map(|_| "double *workspace".to_owned()));
        let text = format!("    double value = 0.0;\n{statements}    return ({kind})value;\n");
        self.definition(kind, name, documentation.to_owned(), parameters, text, &mut body)
    }

    fn definition(
        &self,
        kind: &str,
        name: &str,
        documentation: String,
        parameters: Vec<String>,
        text: String,
        body: &mut Body<'_>,
    ) -> Definition {
        let mut whole = String::new();
        for parameter in &parameters {
            let name = parameter.rsplit([' ', '*']).next().unwrap_or_default();
            if !mentions(&text, name) {
                whole.push_str(&format!("    (void){name};\n"));
            }
        }
        whole.push_str(&text);
        if kind == "double" && !text.contains("    return ") {
            whole.push_str("    return value;\n");
        }
        let list = if parameters.is_empty() { "void".to_owned() } else { parameters.join(", ") };
        let mut head = format!("{kind} {}_{name}({list})", self.unit.name);
        if head.len() > WIDTH {
            head = format!("{kind} {}_{name}(\n    {})", self.unit.name, parameters.join(",\n    "));
        }
        Definition {
            documentation,
            head,
            body: whole,
            used: std::mem::take(&mut body.used),
            missing: body.missing,
        }
    }

    /// Parameters and data that `wanted` picks.
    fn inputs(&self, wanted: impl Fn(&Declaration) -> bool) -> Vec<String> {
        let inputs = self.unit.inputs().filter(|(declaration, _)| wanted(declaration));
        inputs
            .map(|(declaration, name)| match (declaration.role, declaration.shape.is_empty()) {
                (Role::Lookup, true) => format!("size_t {name}"),
                (Role::Lookup, false) => format!("const size_t *{name}"),
                (_, true) => format!("double {name}"),
                (_, false) => format!("const double *{name}"),
            })
            .collect()
    }

    fn sizes(&self, kernel: &Kernel) -> Vec<String> {
        let own = own_dimensions(kernel.request).iter().copied();
        let names = self.unit.dimensions.iter().map(String::as_str).chain(own);
        names.map(|name| format!("size_t {name}")).collect()
    }

    /// The number of parameters.
    fn count(&self) -> String {
        let parameters = self.unit.declarations.iter().filter(|d| d.role == Role::Parameter);
        crate::languages::positions::sum(parameters.map(|d| product(self.unit.extents(d).into_iter())))
    }

    fn header(&self, functions: &[Definition]) -> String {
        let guard = format!("{}_H", self.unit.name.to_ascii_uppercase());
        let mut text = format!("#ifndef {guard}\n#define {guard}\n\n#include <stddef.h>\n\n");
        text.push_str(&comment(&self.overview()));
        text.push_str("\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n");
        for function in functions {
            text.push_str(&format!("\n{}{};\n", comment(&function.documentation), function.head));
        }
        text.push_str(&format!("\n#ifdef __cplusplus\n}}\n#endif\n\n#endif /* {guard} */\n"));
        text
    }

    /// What holds for all functions.
    fn overview(&self) -> String {
        let shape = |(declaration, name): (&Declaration, &str)| match self.unit.extents(declaration) {
            extents if extents.is_empty() => name.to_owned(),
            extents => format!("{name}[{}]", extents.join("][")),
        };
        let of = |wanted: fn(Role) -> bool| {
            let names: Vec<String> = self.unit.inputs().filter(|(d, _)| wanted(d.role)).map(shape).collect();
            names.join(", ")
        };
        let mut text = format!("Parameters, in order: {}.", of(|role| role == Role::Parameter));
        let data = of(|role| role != Role::Parameter);
        if !data.is_empty() {
            text.push_str(&format!("\nData: {data}."));
        }
        text.push_str(
            "\nArrays are flat, row by row. A Hessian is its lower triangle, packed by rows: entry (i, j), i >= j, is at\n\
             i*(i + 1)/2 + j. Outputs are overwritten. Lengths are not checked.",
        );
        text
    }

    fn source(&self, functions: &[Definition], header: &str) -> String {
        let mut text = format!("#include \"{header}\"\n\n#include <math.h>\n");
        let mut written: Vec<&str> = Vec::new();
        for (name, definition) in functions.iter().flat_map(|function| &function.used) {
            if !written.contains(name) {
                written.push(name);
                text.push_str(&format!("\n{definition}"));
            }
        }
        for Definition { head, body, .. } in functions {
            text.push_str(&format!("\n{head}\n{{\n{body}}}\n"));
        }
        text
    }
}

/// How long a buffer is.
#[derive(Clone, Copy)]
enum Length {
    Parameters,
    /// Parameters times vectors.
    Block,
    Triangle,
    Entries,
    Orders,
}

impl Length {
    fn of_direction(request: Request) -> Length {
        if request.block { Length::Block } else { Length::Parameters }
    }

    fn text(self, count: &str, entries: &str) -> String {
        let factors = |factors: [&str; 2]| product(factors.into_iter().map(str::to_owned));
        match self {
            Length::Parameters => count.to_owned(),
            Length::Block => factors([count, "vectors"]),
            Length::Triangle => match count.parse::<u64>() {
                Ok(count) => (count * (count + 1) / 2).to_string(),
                Err(_) => format!("({count}) * ({count} + 1) / 2"),
            },
            Length::Entries => entries.to_owned(),
            Length::Orders => "4".to_owned(),
        }
    }
}

/// The vector, or the vectors, that a function takes.
fn direction(request: Request) -> Option<&'static str> {
    match request {
        Request { block: true, .. } => Some("directions"),
        Request { product: true, .. } | Request { directional: true, .. } => Some("direction"),
        _ => None,
    }
}

/// What a function writes to, in order.
fn buffers(request: Request) -> Vec<(&'static str, Length)> {
    let first = if request.directional { Length::Orders } else { Length::of_direction(request) };
    [
        (request.gradient || request.product || request.diagonal || request.directional)
            .then(|| (target(request), first)),
        request.hessian.then_some(("hessian", Length::Triangle)),
        request.sparse.then_some(("values", Length::Entries)),
        request.gauss_newton.then_some(("matrix", Length::Triangle)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn comment(text: &str) -> String {
    format!("/* {} */\n", text.replace('\n', "\n   "))
}
