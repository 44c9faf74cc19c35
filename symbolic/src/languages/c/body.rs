//! Statements of a kernel as C.

use super::support::{MAX, PACKED, STRICT, Support, support};
use crate::functions::Function;
use crate::graph::{Affine, Comparison, ReduceKind};
use crate::languages::positions::{Positions, Spelling, grouped, operand, slot};
use crate::languages::unit::{Prepared, target};
use crate::schedule::{Entry, Kernel, Operand, Operation, Place, Statement, Table, Triangle};

/// Lines of a function, and what they need besides.
pub(super) struct Body<'a> {
    positions: Positions<'a>,
    lines: String,
    depth: usize,
    /// Functions of the file that are called, by name.
    pub(super) used: Vec<(&'static str, &'static str)>,
    /// A function that C has not.
    pub(super) missing: Option<Function>,
}

impl<'a> Body<'a> {
    pub(super) fn new(unit: &'a Prepared, kernel: &'a Kernel) -> Body<'a> {
        let positions = Positions::new(unit, kernel, Spelling::C);
        Body { positions, lines: String::new(), depth: 1, used: Vec::new(), missing: None }
    }

    /// Local arrays, then the statements.
    pub(super) fn text(&mut self) -> String {
        let kernel = self.positions.kernel;
        self.block(&kernel.body);
        let statements = std::mem::take(&mut self.lines);
        for (at, shape) in kernel.tables.iter().enumerate() {
            let (name, length) = (table(Table(at as u32)), self.positions.length(shape));
            match length.parse::<u64>() {
                Ok(length) => self.push(&format!("double {name}[{}] = {{0.0}};", length.max(1))),
                Err(_) => {
                    self.push(&format!("double *const {name} = workspace;"));
                    self.push(&format!("workspace += {length};"));
                }
            }
        }
        std::mem::take(&mut self.lines) + &statements
    }

    /// The number of elements of all local arrays whose size is known at run time only, where there are any.
    pub(super) fn workspace(&self) -> Option<String> {
        let lengths = self.positions.kernel.tables.iter().map(|shape| self.positions.length(shape));
        let lengths: Vec<String> = lengths.filter(|length| length.parse::<u64>().is_err()).collect();
        (!lengths.is_empty()).then(|| lengths.join(" + "))
    }

    /// The number of values of the sparse Hessian.
    pub(super) fn entries(&self) -> String {
        self.positions.entries()
    }

    fn push(&mut self, line: &str) {
        self.lines.push_str(&"    ".repeat(self.depth));
        self.lines.push_str(line);
        self.lines.push('\n');
    }

    fn block(&mut self, block: &[Statement]) {
        for statement in block {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &Statement) {
        match statement {
            Statement::Let(target, operation) => {
                let kind = if operation.is_condition() { "int" } else { "double" };
                let line = format!("const {kind} {} = {};", slot(*target), self.operation(operation));
                self.push(&line);
            }
            Statement::Start(target, kind) => {
                let neutral = number(crate::evaluate::neutral(*kind));
                self.push(&format!("double {} = {neutral};", slot(*target)));
            }
            Statement::Combine(target, kind, value) => {
                let (target, value) = (slot(*target), operand(*value, number));
                let line = match kind {
                    ReduceKind::Sum | ReduceKind::LogSumExp => format!("{target} += {value};"),
                    ReduceKind::Product => format!("{target} *= {value};"),
                    ReduceKind::Max => format!("{target} = {}({target}, {value});", self.own(MAX)),
                };
                self.push(&line);
            }
            Statement::Loop(index, range, body) => {
                let (lo, hi) = (self.positions.bound(&range.lo), self.positions.bound(&range.hi));
                // Compilers warn of comparisons that never hold.
                if hi == "0" {
                    return;
                }
                let counter = self.positions.enter(*index);
                self.push(&format!("for (size_t {counter} = {lo}; {counter} < {hi}; ++{counter}) {{"));
                self.nested(|own| own.block(body));
                self.positions.leave();
                self.push("}");
            }
            Statement::Clear(target) => {
                let length = self.positions.length(&self.positions.kernel.tables[target.0 as usize]);
                if length != "0" {
                    self.push(&clear(&table(*target), &length));
                }
            }
            Statement::Store(target, at, value) => self.element(*target, at, "=", *value),
            Statement::Add(target, at, value) => self.element(*target, at, "+=", *value),
            Statement::Value(value) => {
                let line = format!("value += {};", operand(*value, number));
                self.push(&line);
            }
            Statement::Gradient(place, value) => {
                let (target, at) = (target(self.positions.kernel.request), self.positions.position(place));
                self.push(&format!("{target}[{at}] += {};", operand(*value, number)));
            }
            Statement::Hessian(row, column, triangle, value) => self.hessian(row, column, *triangle, *value),
            Statement::Derivative(order, value) => {
                self.push(&format!("derivatives[{order}] += {};", operand(*value, number)));
            }
            Statement::Diagonal(row, column, value) => {
                let [row, column] = [row, column].map(|place| self.positions.position(place));
                self.push("{");
                self.nested(|own| {
                    own.push(&format!("const size_t row = {row};"));
                    own.push(&format!("if (row == {}) {{", grouped(&column)));
                    own.nested(|own| own.push(&format!("diagonal[row] += {};", operand(*value, number))));
                    own.push("}");
                });
                self.push("}");
            }
            Statement::Entry(entry, value) => self.entry(entry, *value),
            Statement::Coordinates(entry) => self.coordinates(entry),
            // Only kernels with their loops in tiles have these, and C compilers get loops as they are.
            Statement::Fill(..) | Statement::Tiles(_) => {}
        }
    }

    fn nested(&mut self, write: impl FnOnce(&mut Self)) {
        self.depth += 1;
        write(self);
        self.depth -= 1;
    }

    fn element(&mut self, target: Table, at: &[Affine], sign: &str, value: Operand) {
        let shape = &self.positions.kernel.tables[target.0 as usize];
        let line = format!(
            "{}[{}] {sign} {};",
            table(target),
            self.positions.row_major(shape, at),
            operand(value, number)
        );
        self.push(&line);
    }

    fn hessian(&mut self, row: &Place, column: &Place, triangle: Triangle, value: Operand) {
        let buffer = if self.positions.kernel.request.gauss_newton { "matrix" } else { "hessian" };
        let [row, column] = [row, column].map(|place| self.positions.position(place));
        if let (Ok(r), Ok(c)) = (row.parse::<u64>(), column.parse::<u64>()) {
            let (high, low) = (r.max(c), r.min(c));
            if triangle == Triangle::Guarded && r < c {
                return;
            }
            let twice = triangle == Triangle::Mirrored && r == c;
            let value = doubled(value, twice);
            return self.push(&format!("{buffer}[{}] += {value};", high * (high + 1) / 2 + low));
        }
        let at = self.pair(triangle, false);
        self.guarded([row, column], triangle, value, &format!("{buffer}[{at}]"));
    }

    /// Adds to `target`, which `row` and `column` appear in, as often as the triangle says.
    fn guarded(&mut self, [row, column]: [String; 2], triangle: Triangle, value: Operand, target: &str) {
        self.push("{");
        self.nested(|own| {
            own.push(&format!("const size_t row = {row}, column = {column};"));
            match triangle {
                Triangle::Below | Triangle::Beside => {
                    own.push(&format!("{target} += {};", operand(value, number)))
                }
                Triangle::Guarded => {
                    own.push("if (row >= column) {");
                    own.nested(|own| own.push(&format!("{target} += {};", operand(value, number))));
                    own.push("}");
                }
                Triangle::Mirrored => {
                    let (twice, once) = (doubled(value, true), doubled(value, false));
                    own.push(&format!("{target} += row == column ? {twice} : {once};"));
                }
            }
        });
        self.push("}");
    }

    fn entry(&mut self, entry: &Entry, value: Operand) {
        let at = self.cell(entry);
        if entry.triangle == Triangle::Below && entry.cell.pair[0].is_empty() {
            return self.push(&format!("values[{at}] += {};", operand(value, number)));
        }
        let compared = self.positions.compared(entry);
        self.guarded(compared, entry.triangle, value, &format!("values[{at}]"));
    }

    /// The position of a value; that in a triangle from `row` and `column`.
    fn cell(&mut self, entry: &Entry) -> String {
        let family = &self.positions.kernel.families[entry.cell.family];
        let pair = family.triangle.as_ref().map(|triangle| self.pair(entry.triangle, triangle.is_strict));
        self.positions.cell(&entry.cell, |_| pair.unwrap_or_default())
    }

    /// The place of the pair `row`, `column` in a packed triangle, which they may be above where it is mirrored.
    fn pair(&mut self, triangle: Triangle, is_strict: bool) -> String {
        match (triangle, is_strict) {
            (Triangle::Mirrored | Triangle::Beside, true) => format!("{}(row, column)", self.own(STRICT)),
            (Triangle::Mirrored | Triangle::Beside, false) => format!("{}(row, column)", self.own(PACKED)),
            (_, true) => "row * (row - 1) / 2 + column".to_owned(),
            (_, false) => "row * (row + 1) / 2 + column".to_owned(),
        }
    }

    fn coordinates(&mut self, entry: &Entry) {
        let at = self.cell(entry);
        let places = [&entry.row, &entry.column].map(|place| self.positions.position(place));
        let has_pair = !entry.cell.pair[0].is_empty();
        let compared = self.positions.compared(entry);
        self.push("{");
        self.nested(|own| {
            own.push(&format!("const size_t row = {}, column = {};", compared[0], compared[1]));
            let is_guarded = has_pair && entry.triangle != Triangle::Below;
            if is_guarded {
                own.push("if (row >= column) {");
                own.depth += 1;
            }
            own.push(&format!("const size_t entry = {at};"));
            let [high, low] = match (has_pair, entry.triangle) {
                (true, _) => places,
                (false, Triangle::Below) => ["row", "column"].map(str::to_owned),
                (false, _) => {
                    ["row > column ? row : column", "row > column ? column : row"].map(str::to_owned)
                }
            };
            own.push(&format!("rows[entry] = {high};"));
            own.push(&format!("columns[entry] = {low};"));
            if is_guarded {
                own.depth -= 1;
                own.push("}");
            }
        });
        self.push("}");
    }

    fn operation(&mut self, operation: &Operation) -> String {
        let of = |value: &Operand| operand(*value, number);
        let binary = |a: &Operand, sign: &str, b: &Operand| format!("{} {sign} {}", of(a), of(b));
        match operation {
            Operation::Load(array, subscripts) => self.positions.load(*array, subscripts),
            Operation::Read(source, at) => {
                let shape = &self.positions.kernel.tables[source.0 as usize];
                format!("{}[{}]", table(*source), self.positions.row_major(shape, at))
            }
            Operation::IndexValue(affine) => self.index_value(affine),
            Operation::Add(a, b) => binary(a, "+", b),
            Operation::Sub(a, b) => binary(a, "-", b),
            Operation::Mul(a, b) => binary(a, "*", b),
            Operation::Div(a, b) => binary(a, "/", b),
            Operation::MulAdd(a, b, c) => format!("{} + {}", binary(a, "*", b), of(c)),
            Operation::Neg(a) => format!("-{}", of(a)),
            Operation::Sqrt(a) => format!("sqrt({})", of(a)),
            Operation::Call(function, args) => {
                let args: Vec<String> = args.iter().map(of).collect();
                format!("{}({})", self.function(*function), args.join(", "))
            }
            Operation::Abreast(function, argument) => {
                format!("{}({})", self.function(*function), of(argument))
            }
            Operation::Select(condition, a, b) => format!("{} ? {} : {}", of(condition), of(a), of(b)),
            Operation::Compare(comparison, a, b) => binary(a, sign(*comparison), b),
            Operation::And(a, b) => binary(a, "&&", b),
            Operation::Or(a, b) => binary(a, "||", b),
            Operation::Not(a) => format!("!{}", of(a)),
            // In tiles only.
            Operation::Lane(..) => "NAN".to_owned(),
        }
    }

    /// An integer form as a number: sums of integers below 2⁵³ are exact.
    fn index_value(&self, affine: &Affine) -> String {
        let term = |&(symbol, coefficient): &(_, i64)| {
            let name = self.positions.symbol(symbol);
            format!("{} * (double){name}", number(coefficient as f64))
        };
        let mut terms: Vec<String> = affine.terms.iter().map(term).collect();
        if affine.constant != 0 || terms.is_empty() {
            terms.push(number(affine.constant as f64));
        }
        terms.join(" + ")
    }

    fn function(&mut self, function: Function) -> &'static str {
        match support(function) {
            Some(Support::Library(name)) => name,
            Some(Support::Own(name, definition)) => self.own((name, definition)),
            None => {
                self.missing = Some(function);
                function.name()
            }
        }
    }

    fn own(&mut self, function: (&'static str, &'static str)) -> &'static str {
        if !self.used.contains(&function) {
            self.used.push(function);
        }
        function.0
    }
}

/// A loop that sets an array to zero.
pub(super) fn clear(name: &str, length: &str) -> String {
    format!("for (size_t at = 0; at < {length}; ++at) {name}[at] = 0.0;")
}

fn table(table: Table) -> String {
    format!("z{}", table.0)
}

fn doubled(value: Operand, is_twice: bool) -> String {
    let value = operand(value, number);
    if is_twice { format!("{value} + {value}") } else { value }
}

fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Less => "<",
        Comparison::LessEqual => "<=",
        Comparison::Equal => "==",
        Comparison::NotEqual => "!=",
        Comparison::Greater => ">",
        Comparison::GreaterEqual => ">=",
    }
}

/// A constant; the shortest decimal that reads back as the same number.
pub(super) fn number(value: f64) -> String {
    let text = match value {
        _ if value.is_nan() => return "NAN".to_owned(),
        f64::INFINITY => return "INFINITY".to_owned(),
        f64::NEG_INFINITY => return "(-INFINITY)".to_owned(),
        _ => format!("{value:?}"),
    };
    if value.is_sign_negative() { format!("({text})") } else { text }
}
