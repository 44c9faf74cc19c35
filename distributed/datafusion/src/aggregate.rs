//! The aggregate functions of SQL.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Fields};
use datafusion::error::Result;
use datafusion::logical_expr::expr::AggregateFunction;
use datafusion::logical_expr::function::{AccumulatorArgs, AggregateFunctionSimplification, StateFieldsArgs};
use datafusion::logical_expr::{Accumulator, AggregateUDF, AggregateUDFImpl, Expr, Signature, Volatility};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::Literal;
use datafusion::prelude::SessionContext;
use datafusion::scalar::ScalarValue;
use hesse_input::point_from_text;

use crate::columns::arrays;
use crate::formula::{Formula, Outputs, Source};
use crate::numbered::Numbered;
use crate::refused;
use crate::state::PARTS;
use crate::unnumbered::Unnumbered;

/// Makes the aggregate functions known to a session.
///
/// | function | its value, gradient and hessian |
/// |---|---|
/// | `hesse` | E, ∇E, H |
/// | `hesse_gradient` | E and ∇E |
/// | `hesse_value` | E alone |
/// | `hesse_gauss_newton` | the residual sum of squares, nothing, JᵀJ |
/// | `hesse_observations` | the number of residuals whose weight is not zero, where weights are data of rows |
///
/// Each takes the formula (its text or the name of a `.hes` file), the point (`a=1,w=[1,2]`), and data: columns under
/// their own names, lists of fixed size, or `named_struct('x', struct(x1, x2), 'y', y)`. Formula and point are literals.
/// The result is a structure of `value`, `gradient` (a list, in the order of the parameters) and `hessian` (a list, the
/// packed lower triangle by rows).
///
/// With `_numbered` after the name, the point is followed by the number of rows, a literal, and by the number of the row
/// at hand, from 0: then the results are the same bits, whatever parts the rows come in and whatever order they have.
/// Without, the rows are added up as they come, and the last bits depend on how they are parted. A formula that uses the
/// number of rows needs the numbered form.
pub fn register(session: &SessionContext) {
    for function in functions() {
        session.register_udaf(function);
    }
}

/// The functions that [`register`] registers, for sessions of other kinds.
#[must_use]
pub fn functions() -> Vec<AggregateUDF> {
    let outputs =
        [Outputs::Value, Outputs::Gradient, Outputs::Hessian, Outputs::GaussNewton, Outputs::Observations];
    let all = outputs.iter().flat_map(|outputs| [false, true].map(|numbered| (*outputs, numbered)));
    all.map(|(outputs, numbered)| AggregateUDF::from(Aggregate::new(outputs, numbered))).collect()
}

/// The name of a function.
pub(crate) fn name(outputs: Outputs, numbered: bool) -> &'static str {
    match (outputs, numbered) {
        (Outputs::Value, false) => "hesse_value",
        (Outputs::Value, true) => "hesse_value_numbered",
        (Outputs::Gradient, false) => "hesse_gradient",
        (Outputs::Gradient, true) => "hesse_gradient_numbered",
        (Outputs::Hessian, false) => "hesse",
        (Outputs::Hessian, true) => "hesse_numbered",
        (Outputs::GaussNewton, false) => "hesse_gauss_newton",
        (Outputs::GaussNewton, true) => "hesse_gauss_newton_numbered",
        (Outputs::Observations, false) => "hesse_observations",
        (Outputs::Observations, true) => "hesse_observations_numbered",
    }
}

/// A literal text that costs nothing per row.
pub(crate) fn text(text: String) -> Expr {
    let text = Box::new(ScalarValue::Utf8(Some(text)));
    Expr::Literal(ScalarValue::Dictionary(Box::new(DataType::Int32), text), None)
}

/// One of the aggregate functions.
struct Aggregate {
    outputs: Outputs,
    numbered: bool,
    signature: Signature,
    /// The formula of the last call: a fit derives it once.
    last: Mutex<Option<Arc<Formula>>>,
}

impl Aggregate {
    fn new(outputs: Outputs, numbered: bool) -> Aggregate {
        let signature = Signature::variadic_any(Volatility::Immutable);
        Aggregate { outputs, numbered, signature, last: Mutex::default() }
    }

    /// The arguments before the data.
    fn leading(&self) -> usize {
        if self.numbered { 4 } else { 2 }
    }

    fn formula(&self, source: Source) -> Result<Arc<Formula>> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = last.as_ref().filter(|known| known.source == source) {
            return Ok(Arc::clone(known));
        }
        let formula = Arc::new(Formula::new(source)?);
        *last = Some(Arc::clone(&formula));
        Ok(formula)
    }
}

/// What is returned: value, gradient and Hessian.
pub(crate) fn result_fields() -> Fields {
    let list = || DataType::new_list(DataType::Float64, true);
    [("value", DataType::Float64), ("gradient", list()), ("hessian", list())]
        .into_iter()
        .map(|(name, kind)| Field::new(name, kind, true))
        .collect()
}

impl AggregateUDFImpl for Aggregate {
    fn name(&self) -> &str {
        name(self.outputs, self.numbered)
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Struct(result_fields()))
    }

    /// Parts as bytes, and rows of blocks that are not whole.
    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        let field = |name: &str, kind| {
            Arc::new(Field::new(format!("{}[{name}]", args.name), DataType::new_list(kind, true), true))
        };
        Ok(vec![field("parts", PARTS), field("rows", DataType::Float64)])
    }

    fn accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        let usage =
            if self.numbered { "formula, point, number of rows, row, data" } else { "formula, point, data" };
        if args.exprs.len() <= self.leading() {
            return Err(refused(format!("expected `{}({usage}, …)`", self.name())));
        }
        if args.is_distinct {
            return Err(refused("DISTINCT would leave out rows: leave it away"));
        }
        let word = |at: usize, what: &str| {
            let literal = literal(&args.exprs[at]).and_then(|value| value.try_as_str().flatten());
            literal.ok_or_else(|| {
                refused(format!("the {what} is no literal text: expected `{}({usage}, …)`", self.name()))
            })
        };
        let (text, point) = (word(0, "formula")?, word(1, "point")?);
        let rows = if self.numbered {
            let count = literal(&args.exprs[2]).and_then(|value| value.cast_to(&DataType::UInt64).ok());
            let Some(ScalarValue::UInt64(Some(count))) = count else {
                return Err(refused("the number of rows is no literal integer"));
            };
            Some(usize::try_from(count).map_err(refused)?)
        } else {
            None
        };
        let arrays = arrays(&args.expr_fields[self.leading()..])?;
        let text = hesse_input::Formula::read(text).map_err(refused)?.text;
        let formula = self.formula(Source { text, arrays, rows, outputs: self.outputs })?;
        let w = point_from_text(point, &formula.names).map_err(refused)?;
        if self.numbered {
            Ok(Box::new(Numbered::new(formula, w)))
        } else {
            Ok(Box::new(Unnumbered::new(formula, w)))
        }
    }

    /// The formula travels as its text, and texts as dictionaries: they are not repeated for every row.
    fn simplify(&self) -> Option<AggregateFunctionSimplification> {
        Some(Box::new(|mut call: AggregateFunction, _| {
            for (at, argument) in call.params.args.iter_mut().take(2).enumerate() {
                let Expr::Literal(value, _) = &*argument else { continue };
                if matches!(value, ScalarValue::Dictionary(..)) {
                    continue;
                }
                if let Some(Some(word)) = value.try_as_str() {
                    let word = if at == 0 {
                        hesse_input::Formula::read(word).map_err(refused)?.text
                    } else {
                        word.to_owned()
                    };
                    *argument = text(word);
                }
            }
            Ok(Expr::AggregateFunction(call))
        }))
    }
}

fn literal(expr: &Arc<dyn PhysicalExpr>) -> Option<&ScalarValue> {
    expr.downcast_ref::<Literal>().map(Literal::value)
}

impl PartialEq for Aggregate {
    fn eq(&self, other: &Self) -> bool {
        (self.outputs, self.numbered) == (other.outputs, other.numbered)
    }
}

impl Eq for Aggregate {}

impl Hash for Aggregate {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.outputs, self.numbered).hash(state);
    }
}

impl fmt::Debug for Aggregate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
