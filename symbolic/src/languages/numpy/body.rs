//! Statements of a kernel as Python.

use super::support::{ADD, Own, PACKED, STRICT, Support, support};
use crate::functions::Function;
use crate::graph::{Affine, Comparison, ReduceKind};
use crate::languages::positions::{Positions, Spelling, grouped, operand, slot};
use crate::languages::unit::{Prepared, target};
use crate::schedule::{Entry, Kernel, Operand, Operation, Panel, Place, Statement, Table, Triangle};

/// Lines of a function, and what they need besides.
pub(super) struct Body<'a> {
    pub(super) positions: Positions<'a>,
    pub(super) lines: String,
    pub(super) depth: usize,
    /// The counter of the rows at hand: an array of all their positions.
    pub(super) rows: Option<String>,
    /// The shapes of the panels at hand.
    pub(super) panels: Vec<Vec<Affine>>,
    /// Functions of the module that are called.
    pub(super) used: Vec<Own>,
    /// A function that Python has not.
    pub(super) missing: Option<Function>,
}

impl<'a> Body<'a> {
    pub(super) fn new(unit: &'a Prepared, kernel: &'a Kernel) -> Body<'a> {
        Body {
            positions: Positions::new(unit, kernel, Spelling::Python),
            lines: String::new(),
            depth: 1,
            rows: None,
            panels: Vec::new(),
            used: Vec::new(),
            missing: None,
        }
    }

    /// Local arrays, then the statements.
    pub(super) fn text(&mut self) -> String {
        let kernel = self.positions.kernel;
        for (at, shape) in kernel.tables.iter().enumerate() {
            let length = self.positions.length(shape);
            self.push(&format!("{} = np.zeros({length})", table(Table(at as u32))));
        }
        self.block(&kernel.body);
        std::mem::take(&mut self.lines)
    }

    pub(super) fn push(&mut self, line: &str) {
        self.lines.push_str(&"    ".repeat(self.depth));
        self.lines.push_str(line);
        self.lines.push('\n');
    }

    /// Lines one level deeper; `pass` where there are none.
    pub(super) fn nested(&mut self, write: impl FnOnce(&mut Self)) {
        self.depth += 1;
        let before = self.lines.len();
        write(self);
        if self.lines.len() == before {
            self.push("pass");
        }
        self.depth -= 1;
    }

    pub(super) fn block(&mut self, block: &[Statement]) {
        for statement in block {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &Statement) {
        match statement {
            Statement::Let(target, operation) => {
                let line = format!("{} = {}", slot(*target), self.operation(operation));
                self.push(&line);
            }
            Statement::Start(target, kind) => {
                let neutral = number(crate::evaluate::neutral(*kind));
                self.push(&format!("{} = np.float64({neutral})", slot(*target)));
            }
            Statement::Combine(target, kind, value) => {
                let (target, value) = (slot(*target), operand(*value, number));
                let line = match kind {
                    ReduceKind::Sum | ReduceKind::LogSumExp => format!("{target} = {target} + {value}"),
                    ReduceKind::Product => format!("{target} = {target} * {value}"),
                    ReduceKind::Max => format!("{target} = np.maximum({target}, {value})"),
                };
                self.push(&line);
            }
            Statement::Loop(index, range, body) => {
                let range = [self.positions.affine(&range.lo), self.positions.affine(&range.hi)];
                let counter = self.positions.enter(*index);
                let range = if range[0] == "0" { range[1].clone() } else { range.join(", ") };
                self.push(&format!("for {counter} in range({range}):"));
                self.nested(|own| own.block(body));
                self.positions.leave();
            }
            Statement::Tiles(tiles) => self.tiles(tiles),
            Statement::Fill(panel, at, value) => {
                let line = format!("{} = {}", self.lanes(*panel, at, true), operand(*value, number));
                self.push(&line);
            }
            Statement::Clear(target) => self.push(&format!("{}[:] = 0.0", table(*target))),
            Statement::Store(target, at, value) => {
                let line = format!("{} = {}", self.element(*target, at), operand(*value, number));
                self.push(&line);
            }
            Statement::Add(target, at, value) => {
                let shape = &self.positions.kernel.tables[target.0 as usize];
                let at = self.positions.row_major(shape, at);
                self.add(&table(*target), &at, &operand(*value, number));
            }
            Statement::Value(value) => self.push(&format!("value += {}", operand(*value, number))),
            Statement::Gradient(place, value) => {
                let (target, at) = (target(self.positions.kernel.request), self.positions.position(place));
                self.add(target, &at, &operand(*value, number));
            }
            Statement::Hessian(row, column, triangle, value) => {
                self.hessian(row, column, *triangle, &operand(*value, number));
            }
            Statement::Derivative(order, value) => {
                self.push(&format!("derivatives[{order}] += {}", operand(*value, number)));
            }
            Statement::Diagonal(row, column, value) => self.diagonal(row, column, &operand(*value, number)),
            Statement::Entry(entry, value) => self.entry(entry, &operand(*value, number)),
            Statement::Coordinates(entry) => self.coordinates(entry),
        }
    }

    /// Adds to an element of a flat array; of a row each where rows are at hand.
    pub(super) fn add(&mut self, target: &str, at: &str, value: &str) {
        let line = match self.rows.clone() {
            Some(rows) => format!("{}({target}, {at}, {value}, {rows})", self.own(ADD)),
            None => format!("{target}[{at}] += {value}"),
        };
        self.push(&line);
    }

    /// Adds to an entry of the Hessian, for each of the rows at hand where there are some.
    pub(super) fn hessian(&mut self, row: &Place, column: &Place, triangle: Triangle, value: &str) {
        let [row, column] = [row, column].map(|place| self.positions.position(place));
        if let (Ok(r), Ok(c)) = (row.parse::<u64>(), column.parse::<u64>()) {
            let (high, low) = (r.max(c), r.min(c));
            if triangle == Triangle::Guarded && r < c {
                return;
            }
            let twice = triangle == Triangle::Mirrored && r == c;
            let value = if twice { format!("2.0 * {value}") } else { value.to_owned() };
            return self.add("hessian", &(high * (high + 1) / 2 + low).to_string(), &value);
        }
        let at = self.pair(triangle, false);
        self.guarded([row, column], triangle, value, "hessian", &at);
    }

    pub(super) fn entry(&mut self, entry: &Entry, value: &str) {
        let at = self.cell(entry);
        if entry.triangle == Triangle::Below && entry.cell.pair[0].is_empty() {
            return self.add("values", &at, value);
        }
        let compared = self.positions.compared(entry);
        self.guarded(compared, entry.triangle, value, "values", &at);
    }

    /// Adds to `target[at]`, which `row` and `column` appear in, as often as the triangle says.
    fn guarded(
        &mut self,
        [row, column]: [String; 2],
        triangle: Triangle,
        value: &str,
        target: &str,
        at: &str,
    ) {
        self.push(&format!("row, column = {row}, {column}"));
        match (triangle, self.rows.is_some()) {
            (Triangle::Below | Triangle::Beside, _) => self.add(target, at, value),
            (Triangle::Guarded, false) => {
                self.push("if row >= column:");
                self.nested(|own| own.add(target, at, value));
            }
            (Triangle::Guarded, true) => {
                // Rows above the diagonal add nothing, to the place of their mirror image.
                let at = at.replace("row * (row + 1) // 2 + column", "_packed(row, column)");
                let at = at.replace("row * (row - 1) // 2 + column", "_packed_strictly(row, column)");
                self.own(if at.contains("strictly") { STRICT } else { PACKED });
                self.add(target, &at, &format!("np.where(row >= column, {value}, 0.0)"));
            }
            (Triangle::Mirrored, _) => {
                self.add(target, at, &format!("np.where(row == column, 2.0 * {value}, {value})"));
            }
        }
    }

    fn diagonal(&mut self, row: &Place, column: &Place, value: &str) {
        let [row, column] = [row, column].map(|place| self.positions.position(place));
        if self.rows.is_some() {
            return self.add(
                "diagonal",
                &row,
                &format!("np.where({} == {}, {value}, 0.0)", grouped(&row), grouped(&column)),
            );
        }
        self.push(&format!("if {} == {}:", grouped(&row), grouped(&column)));
        self.nested(|own| own.add("diagonal", &row, value));
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
            (_, true) => "row * (row - 1) // 2 + column".to_owned(),
            (_, false) => "row * (row + 1) // 2 + column".to_owned(),
        }
    }

    /// Patterns have no rows at hand.
    fn coordinates(&mut self, entry: &Entry) {
        let at = self.cell(entry);
        let places = [&entry.row, &entry.column].map(|place| self.positions.position(place));
        let has_pair = !entry.cell.pair[0].is_empty();
        let [row, column] = self.positions.compared(entry);
        self.push(&format!("row, column = {row}, {column}"));
        let is_guarded = has_pair && entry.triangle != Triangle::Below;
        if is_guarded {
            self.push("if row >= column:");
            self.depth += 1;
        }
        let [high, low] = match (has_pair, entry.triangle) {
            (true, _) => places,
            (false, Triangle::Below) => ["row", "column"].map(str::to_owned),
            (false, _) => ["np.maximum(row, column)", "np.minimum(row, column)"].map(str::to_owned),
        };
        self.push(&format!("entry = {at}"));
        self.push(&format!("rows[entry], columns[entry] = {high}, {low}"));
        if is_guarded {
            self.depth -= 1;
        }
    }

    pub(super) fn operation(&mut self, operation: &Operation) -> String {
        let of = |value: &Operand| operand(*value, number);
        let binary = |a: &Operand, sign: &str, b: &Operand| format!("{} {sign} {}", of(a), of(b));
        let is_lane = self.rows.is_some();
        match operation {
            Operation::Load(array, subscripts) => self.positions.load(*array, subscripts),
            Operation::Read(source, at) => self.element(*source, at),
            Operation::Lane(panel, at) => self.lanes(*panel, at, false),
            Operation::IndexValue(affine) => format!("np.float64({})", self.positions.affine(affine)),
            Operation::Add(a, b) => binary(a, "+", b),
            Operation::Sub(a, b) => binary(a, "-", b),
            Operation::Mul(a, b) => binary(a, "*", b),
            Operation::Div(a, b) => binary(a, "/", b),
            Operation::MulAdd(a, b, c) => format!("{} + {}", binary(a, "*", b), of(c)),
            Operation::Neg(a) => format!("-{}", of(a)),
            Operation::Sqrt(a) => format!("np.sqrt({})", of(a)),
            Operation::Call(function, args) => {
                let args: Vec<String> = args.iter().map(of).collect();
                format!("{}({})", self.function(*function), args.join(", "))
            }
            Operation::Abreast(function, argument) => {
                format!("{}({})", self.function(*function), of(argument))
            }
            Operation::Select(condition, a, b) if is_lane => {
                format!("np.where({}, {}, {})", of(condition), of(a), of(b))
            }
            Operation::Select(condition, a, b) => format!("{} if {} else {}", of(a), of(condition), of(b)),
            Operation::Compare(comparison, a, b) => binary(a, sign(*comparison), b),
            Operation::And(a, b) => format!("np.logical_and({}, {})", of(a), of(b)),
            Operation::Or(a, b) => format!("np.logical_or({}, {})", of(a), of(b)),
            Operation::Not(a) => format!("np.logical_not({})", of(a)),
        }
    }

    pub(super) fn element(&self, source: Table, at: &[Affine]) -> String {
        let shape = &self.positions.kernel.tables[source.0 as usize];
        format!("{}[{}]", table(source), self.positions.row_major(shape, at))
    }

    /// All rows of a panel at one of its positions.
    pub(super) fn lanes(&self, panel: Panel, at: &[Affine], is_written: bool) -> String {
        let name = format!("p{}", panel.0);
        let is_single = self.panels.get(panel.0 as usize).is_none_or(Vec::is_empty);
        match (is_single, is_written) {
            (true, true) => format!("{name}[:]"),
            (true, false) => name,
            (false, _) => {
                let at: Vec<String> = at.iter().map(|axis| self.positions.affine(axis)).collect();
                format!("{name}[{}]", at.join(", "))
            }
        }
    }

    pub(super) fn function(&mut self, function: Function) -> &'static str {
        match support(function) {
            Some(Support::Library(name)) => name,
            Some(Support::Module(own)) => self.own(own),
            None => {
                self.missing = Some(function);
                function.name()
            }
        }
    }

    pub(super) fn own(&mut self, function: Own) -> &'static str {
        if !self.used.contains(&function) {
            self.used.push(function);
        }
        function.0
    }
}

pub(super) fn table(table: Table) -> String {
    format!("z{}", table.0)
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
        _ if value.is_nan() => return "np.nan".to_owned(),
        f64::INFINITY => return "np.inf".to_owned(),
        f64::NEG_INFINITY => return "-np.inf".to_owned(),
        _ => format!("{value:?}"),
    };
    if value.is_sign_negative() { format!("({text})") } else { text }
}
