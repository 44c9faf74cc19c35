//! Structures of parameters: their fields are arrays whose names begin with that of the structure.

use std::rc::Rc;

use super::Resolver;
use super::form::Form;
use super::names::Global;
use super::value::Value;
use crate::diagnostic::Problem;
use crate::syntax::{Name, NodeId};

impl Resolver<'_> {
    /// Whether a name stands for a structure.
    pub(super) fn is_record(&self, name: &str) -> bool {
        let begins = |array: &str| array.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
        self.arrays.iter().any(|array| array.declared && begins(&array.name))
    }

    /// `base.name`: a field of a structure, or one of the first elements of a vector.
    pub(super) fn field(&mut self, base: NodeId, name: &Name) -> Value {
        let value = self.value(base);
        let component = ["x", "y", "z", "w"].iter().position(|c| *c == &*name.text);
        match (value, component) {
            (Value::Missing, _) => Value::Missing,
            (Value::Record(record), _) => {
                let text: Rc<str> = format!("{record}.{}", name.text).into();
                match self.globals.get(&text) {
                    Some(&Global::Array(array)) => self.whole(array, name.span),
                    _ if self.is_record(&text) => Value::Record(text),
                    _ => self.complain(Problem::NoField { name: name.text.to_string() }, name.span),
                }
            }
            (value, Some(at)) => {
                let position = Value::Integer { form: Form::constant(at as i64), strict: true };
                self.tuple_element(value, position, self.span(base))
            }
            (_, None) => {
                let what = "a field of a structure".to_owned();
                let instead = "pass numbers and arrays as arguments of their own, or a structure with \
                               `#[derive(Parameters)]` named in `uses(…)`";
                self.complain(Problem::Unsupported { what, instead: instead.to_owned() }, name.span)
            }
        }
    }
}
