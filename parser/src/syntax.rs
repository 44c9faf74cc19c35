//! The syntax tree of both grammars.
//!
//! Nodes live in one arena and refer to each other by id, so that trees of any depth are dropped without
//! recursion. Chains of `+ −` and of `* /` are one node each: an error function written as a chain lowers to one
//! n-ary sum or product in both grammars, while groups and named quantities stay nodes of their own.

use std::rc::Rc;

use crate::builtins::{Builtin, Reduction};

/// A place in the source; the front end owns the table of what it stands for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct SpanId(pub u32);

/// A node of a [`Tree`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct NodeId(u32);

/// An identifier with its place.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Name {
    /// The letters.
    pub text: Rc<str>,
    /// The place.
    pub span: SpanId,
}

/// An operand of a chain: subtracted (in a sum) or dividing (in a product) where `inverted`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Operand {
    /// Whether `−` or `/` precedes it.
    pub inverted: bool,
    /// The operand.
    pub node: NodeId,
}

/// A relation between two numbers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Comparison {
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
}

/// The positions an index runs over.
#[derive(Clone, PartialEq, Debug)]
pub enum Positions {
    /// Taken from the arrays the index subscripts.
    Inferred,
    /// `lo..hi`, without `hi`.
    Between(NodeId, NodeId),
    /// `0..length` where all these lengths agree.
    Common(Vec<NodeId>),
}

/// A side of a matrix.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// Its number of rows.
    Rows,
    /// Its number of columns.
    Columns,
}

/// An index of a reduction or loop.
#[derive(Clone, PartialEq, Debug)]
pub struct Binder {
    /// Its name; one that cannot be written where the source has none.
    pub name: Name,
    /// What it runs over.
    pub positions: Positions,
    /// Whether the last position comes first, where the order matters.
    pub reversed: bool,
}

/// What a `let` or a closure binds.
#[derive(Clone, PartialEq, Debug)]
pub enum Pattern {
    /// A name for the whole value.
    Name(Name),
    /// The value is not used.
    Wildcard,
    /// The elements of a tuple or array.
    Tuple(Vec<Pattern>, SpanId),
    /// The first and the last elements of an array.
    Ends(Vec<Pattern>, Vec<Pattern>, SpanId),
    /// Names of a pattern already complained about.
    Refused(Vec<Name>),
}

/// What a statement changes: a name, or an element of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Place {
    /// The name.
    pub name: Name,
    /// One subscript per axis; none for a number.
    pub subscripts: Vec<NodeId>,
}

/// How an accumulator takes a value in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Update {
    /// `e += value`
    Add,
    /// `e -= value`
    Subtract,
    /// `e *= value`
    Multiply,
    /// `e /= value`
    Divide,
    /// `e = e.max(value)`
    Max,
    /// `e = e.min(value)`
    Min,
    /// `e = value`
    Replace,
}

/// A statement of a block.
#[derive(Clone, PartialEq, Debug)]
pub enum Statement {
    /// Names for a value; later ones shadow earlier ones.
    Let(Pattern, NodeId),
    /// A change of a name bound before, or of an element of it.
    Update(Place, Update, NodeId),
    /// A loop: the statements for every position of the binder.
    For(Binder, Vec<Statement>),
    /// One of two lists of statements.
    If(NodeId, Vec<Statement>, Vec<Statement>),
    /// The statements of a block that several branches go on with.
    Rest(NodeId),
    /// Names bound since this one are seen no more.
    Leave(Name),
}

/// An expression.
#[derive(Clone, PartialEq, Debug)]
pub enum Node {
    /// A decimal literal, kept as written: `0.1` is exactly one tenth.
    Number(Rc<str>),
    /// An integer literal of a grammar that tells integers from numbers.
    Integer(Rc<str>),
    /// A constant that no literal can say exactly, such as π.
    Constant(f64),
    /// `true` or `false`
    Truth(bool),
    /// A name.
    Name(Rc<str>),
    /// `x[i, j]`, or `x[i]` for a row.
    Subscript(NodeId, Vec<NodeId>),
    /// A field of a structure.
    Field(NodeId, Name),
    /// A call by name of a built-in or user-defined function or reduction.
    Call(Name, Vec<NodeId>),
    /// `i in lo..hi` among the arguments of a call.
    Binder(Binder),
    /// A built-in function.
    Apply(Builtin, Vec<NodeId>),
    /// `a + b − c`
    Sum(Vec<Operand>),
    /// `a * b / c`
    Product(Vec<Operand>),
    /// `−a`
    Negate(NodeId),
    /// `a ^ b`
    Power(NodeId, NodeId),
    /// `a < b`
    Compare(Comparison, NodeId, NodeId),
    /// All conditions hold.
    And(Vec<NodeId>),
    /// At least one condition holds.
    Or(Vec<NodeId>),
    /// The condition does not hold.
    Not(NodeId),
    /// The second where the first holds, the third elsewhere.
    If(NodeId, NodeId, NodeId),
    /// A reduction over indices, the first outermost.
    Reduce(Reduction, Vec<Binder>, NodeId),
    /// The length of the first axis, as a number.
    Length(NodeId),
    /// The number of rows or columns, as a number.
    Side(NodeId, Side),
    /// How many positions the first has beyond the second: none where that is longer.
    Remaining(NodeId, NodeId),
    /// The least of several lengths that the source holds to be equal.
    Shortest(Vec<NodeId>),
    /// An integer as a number.
    Cast(NodeId),
    /// An integer as an integer of another type.
    Whole(NodeId),
    /// An integer that must be known when the function is read: the length of a slice that is matched.
    Fixed(NodeId),
    /// How many parts of this length fit.
    Parts(NodeId, usize),
    /// The remainder of two integers.
    Remainder(NodeId, NodeId),
    /// A tuple or an array of values.
    Tuple(Vec<NodeId>),
    /// A function value.
    Lambda(Vec<Pattern>, NodeId),
    /// An array by position: the value for every position of the pattern below the length.
    Table(Pattern, NodeId, NodeId),
    /// Statements, then the value.
    Block(Vec<Statement>, NodeId),
    /// Something already complained about.
    Error,
}

/// The arena of nodes.
#[derive(Clone, Default, Debug)]
pub struct Tree {
    nodes: Vec<Node>,
    spans: Vec<SpanId>,
}

impl Tree {
    /// Adds a node.
    pub fn push(&mut self, node: Node, span: SpanId) -> NodeId {
        self.nodes.push(node);
        self.spans.push(span);
        NodeId((self.nodes.len() - 1) as u32)
    }

    /// The node behind an id.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// The node behind an id, to be extended.
    pub fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id.0 as usize]
    }

    /// The place of a node.
    pub fn span(&self, id: NodeId) -> SpanId {
        self.spans[id.0 as usize]
    }

    /// Changes the place of a node.
    pub fn set_span(&mut self, id: NodeId, span: SpanId) {
        self.spans[id.0 as usize] = span;
    }

    /// Calls `visit` with every node directly below `node`.
    pub fn for_each_child(&self, node: NodeId, visit: &mut dyn FnMut(NodeId)) {
        match self.node(node) {
            Node::Number(_) | Node::Integer(_) | Node::Constant(_) | Node::Truth(_) => {}
            Node::Name(_) | Node::Error => {}
            Node::Subscript(base, subscripts) => {
                visit(*base);
                subscripts.iter().for_each(|&s| visit(s));
            }
            Node::Call(_, args)
            | Node::Apply(_, args)
            | Node::And(args)
            | Node::Or(args)
            | Node::Shortest(args)
            | Node::Tuple(args) => {
                args.iter().for_each(|&a| visit(a));
            }
            Node::Sum(operands) | Node::Product(operands) => operands.iter().for_each(|o| visit(o.node)),
            Node::Negate(a) | Node::Not(a) | Node::Length(a) | Node::Lambda(_, a) => visit(*a),
            Node::Field(a, _) | Node::Side(a, _) => visit(*a),
            Node::Cast(a) | Node::Whole(a) | Node::Parts(a, _) | Node::Fixed(a) => visit(*a),
            Node::Remaining(a, b) => [*a, *b].into_iter().for_each(visit),
            Node::Power(a, b) | Node::Compare(_, a, b) | Node::Table(_, a, b) | Node::Remainder(a, b) => {
                [*a, *b].into_iter().for_each(visit)
            }
            Node::If(c, a, b) => [*c, *a, *b].into_iter().for_each(visit),
            Node::Binder(binder) => visit_binder(binder, visit),
            Node::Reduce(_, binders, body) => {
                binders.iter().for_each(|b| visit_binder(b, visit));
                visit(*body);
            }
            Node::Block(statements, value) => {
                visit_statements(statements, visit);
                visit(*value);
            }
        }
    }
}

fn visit_binder(binder: &Binder, visit: &mut dyn FnMut(NodeId)) {
    match &binder.positions {
        Positions::Inferred => {}
        Positions::Between(lo, hi) => [*lo, *hi].into_iter().for_each(visit),
        Positions::Common(lengths) => lengths.iter().for_each(|&l| visit(l)),
    }
}

fn visit_statements(statements: &[Statement], visit: &mut dyn FnMut(NodeId)) {
    for statement in statements {
        match statement {
            Statement::Let(_, value) | Statement::Rest(value) => visit(*value),
            Statement::Leave(_) => {}
            Statement::Update(place, _, value) => {
                place.subscripts.iter().for_each(|&s| visit(s));
                visit(*value);
            }
            Statement::For(binder, body) => {
                visit_binder(binder, visit);
                visit_statements(body, visit);
            }
            Statement::If(condition, yes, no) => {
                visit(*condition);
                visit_statements(yes, visit);
                visit_statements(no, visit);
            }
        }
    }
}

/// What a declared name stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// Differentiated with respect to.
    Parameter,
    /// Held constant.
    Data,
    /// Integer data, for use inside subscripts and, once cast, as numbers.
    Lookup,
    /// Conditions on data.
    Flag,
}

/// The size of one declared axis.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Axis {
    /// A number.
    Fixed(usize),
    /// A name for a size known at run time.
    Named(Name),
    /// A size known at run time that the source does not name; equal to others where it is used like them.
    Anonymous,
}

/// A declared parameter or data array.
#[derive(Clone, PartialEq, Debug)]
pub struct Declaration {
    /// The name.
    pub name: Name,
    /// What it stands for.
    pub role: Role,
    /// One size per axis; none for a scalar.
    pub shape: Vec<Axis>,
    /// Whether it is a matrix whose columns lie one after another: they are its first axis.
    pub by_columns: bool,
}

/// How a definition is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DefinitionKind {
    /// `a = …`
    Plain,
    /// `a[i] = …`
    Indexed,
    /// `a(x) = …`
    Function,
}

/// A definition that other definitions may use, whatever their order.
#[derive(Clone, PartialEq, Debug)]
pub struct Definition {
    /// The name.
    pub name: Name,
    /// How it is written.
    pub kind: DefinitionKind,
    /// Its indices or arguments.
    pub parameters: Vec<Name>,
    /// Its value.
    pub body: NodeId,
}

/// Which grammar a program was written in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dialect {
    /// Formula text: undeclared names are parameters, integers are numbers.
    Formula,
    /// Rust: every name is bound, integers are not numbers until cast.
    Rust,
}

/// A whole input.
#[derive(Clone, Debug)]
pub struct Program {
    /// The grammar.
    pub dialect: Dialect,
    /// All expressions.
    pub tree: Tree,
    /// Declarations, in order.
    pub declarations: Vec<Declaration>,
    /// Definitions, in order.
    pub definitions: Vec<Definition>,
    /// The error function.
    pub error: NodeId,
}
