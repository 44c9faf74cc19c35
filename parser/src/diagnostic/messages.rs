//! The table of complaints of both grammars: code, message, label, help.
//!
//! `E01` is grammar, `E02` names and calls, `E03` shapes and ranges, `E04` Rust functions.

macro_rules! problems {
    ($($code:literal $name:ident $({ $($field:ident: $type:ty),* })? $message:literal $label:literal $help:literal;)*) => {
        /// What is wrong.
        #[derive(Clone, PartialEq, Eq, Debug)]
        #[expect(missing_docs, reason = "the variants are documented by their messages")]
        pub enum Problem {
            $(#[doc = $message] $name $({ $($field: $type),* })?,)*
        }

        #[cfg(test)]
        const CODES: &[&str] = &[$($code),*];

        #[allow(unused_variables, reason = "not every text mentions every field")]
        impl Problem {
            /// The stable code.
            pub fn code(&self) -> &'static str {
                match self { $(Problem::$name $({ $($field),* })? => $code,)* }
            }

            /// What is wrong, in a sentence.
            pub fn message(&self) -> String {
                match self { $(Problem::$name $({ $($field),* })? => format!($message),)* }
            }

            /// The remark at the place; may be empty.
            pub fn label(&self) -> String {
                match self { $(Problem::$name $({ $($field),* })? => format!($label),)* }
            }

            /// What to write instead.
            pub fn help(&self) -> Option<String> {
                let help = match self { $(Problem::$name $({ $($field),* })? => format!($help),)* };
                (!help.is_empty()).then_some(help)
            }
        }
    };
}

problems! {
    "E0101" StrayCharacter { text: String, advice: String }
        "unexpected character `{text}`" "no part of the language" "{advice}";
    "E0102" NumberTooLarge
        "number is too large" "greater than the largest `f64`" "write a number below 1.8e308";
    "E0103" Expected { expected: String, found: String }
        "expected {expected}, found {found}" "unexpected" "";
    "E0104" MissingOperator { left: String, right: String }
        "missing operator between `{left}` and `{right}`" "expected an operator before this"
        "write `{left} * {right}` to multiply";
    "E0105" FunctionWithoutBrackets { name: String, argument: String }
        "function `{name}` needs parentheses" "expected `(` before this" "write `{name}({argument})`";
    "E0106" AmbiguousQuotient { text: String, below: String, beside: String }
        "`{text}` is ambiguous" "divides or multiplies" "write `{below}` or `{beside}`";
    "E0107" ChainedComparison
        "comparisons cannot be chained" "second comparison" "write `a < b and b < c`";
    "E0108" StackedPower
        "two powers in a row" "second power" "use parentheses, or `^` for both";
    "E0109" CommaInGroup
        "unexpected comma in parentheses" "a group holds one expression" "write a call such as `max(a, b)`, or split the expression";
    "E0110" UnclosedBracket { closing: String }
        "missing `{closing}`" "expected here" "close the bracket";
    "E0111" UnmatchedClosing { bracket: String }
        "unmatched `{bracket}`" "nothing was opened" "remove it, or open the bracket before";
    "E0112" MisplacedAssignment
        "`=` defines a name at the beginning of a statement" "not a definition" "write `==` to compare";
    "E0113" LeadingOperator { operator: String }
        "a statement cannot begin with `{operator}`" "no left operand" "end the line before with the operator, or use parentheses";
    "E0114" InclusiveRange
        "ranges do not include their upper end" "inclusive range" "write `lo..hi+1`";
    "E0115" InvalidExtent { limit: usize }
        "not a size" "expected an integer from 1 to {limit}" "write an integer, or a name for a size known at run time";
    "E0116" DefinitionHead { name: String }
        "the left side of a definition lists names" "expected a name, then `,` or the closing bracket"
        "write `{name}[i] = …` for an indexed quantity or `{name}(x) = …` for a function";
    "E0117" NoErrorFunction
        "no error function" "expected `E = …` or a single expression" "call the error function `E`";
    "E0118" SecondErrorFunction
        "more than one error function" "an expression without a name" "give it a name (`name = …`) or add it to `E`";
    "E0119" ErrorFunctionWithArguments
        "the error function takes no arguments" "not a plain definition" "write `E = …`; names that are not declared are parameters";
    "E0120" TooDeep { limit: usize }
        "expression is nested too deeply" "more than {limit} levels" "name parts of it with definitions";
    "E0121" InputTooLong { limit: usize }
        "text is too long" "more than {limit} bytes" "put numbers into a data file";
    "E0122" TooManyTerms { limit: usize }
        "definitions expand to too many terms" "more than {limit} different terms" "use an indexed definition with `sum` for repeated structure";
    "E0123" MisplacedBinder
        "a range belongs to a reduction" "not among the indices of a reduction" "write `sum(i in 0..n, …)` with the expression last";
    "E0124" TooManyLoops { limit: usize }
        "reductions are nested too deeply" "more than {limit} indices at once" "reduce over fewer indices at once";
    "E0125" InvisibleCharacter { what: String, code: String }
        "invisible character: a {what} ({code})" "nobody sees it" "remove it, or type the line anew";
    "E0126" LookalikeMark { letter: String, meant: char }
        "{letter} looks like `{meant}`" "another character" "write `{meant}`";
    "E0127" LookalikeName { name: String, letter: String, other: String, meant: String }
        "`{name}` reads like `{meant}`, but is another name" "{letter} looks like {other}" "write `{meant}`, or choose a name that looks different";
    "E0128" TooCoupled { limit: usize }
        "the second derivatives of this error function are too many" "more than {limit} steps to derive them"
        "write repeated structure with arrays and `sum`, or leave parts out";
    "E0129" TooManyElements { name: String, limit: usize }
        "`{name}` has too many elements" "more than {limit}" "declare it smaller, or give names to sizes known at run time";
    "E0131" ForeignWord { word: String, advice: String }
        "`{word}` is no word of this language" "expected an operator after it" "{advice}";
    "E0132" OtherBase { text: String, value: String, other: String }
        "`{text}` could be a number or a product" "numbers are decimal" "write `{value}`, or `{other}` to multiply";
    "E0130" LongStatement { limit: usize }
        "this statement is too long" "more than {limit} tokens" "split it with `let`, or write a loop";

    "E0201" UnknownFunction { name: String }
        "unknown function `{name}`" "not defined" "write `{name} * (…)` to multiply, or define `{name}(x) = …`";
    "E0202" MisspelledFunction { name: String, suggestion: String }
        "unknown function `{name}`" "not defined" "write `{suggestion}`";
    "E0203" NotAFunction { name: String }
        "`{name}` is not a function" "called here" "write `{name} * (…)` to multiply";
    "E0204" FunctionAsValue { name: String }
        "`{name}` is a function" "used as a number" "call it (`{name}(…)`), or declare `param {name}`";
    "E0205" ArgumentCount { name: String, expected: String, found: String }
        "`{name}` takes {expected}, found {found}" "wrong number of arguments" "";
    "E0206" ReductionArguments { name: String }
        "`{name}` takes indices, then an expression" "cannot tell its indices" "write `{name}(i, …)` or `{name}(i in 0..n, …)`";
    "E0207" DefinedTwice { name: String }
        "`{name}` has two meanings" "second meaning" "rename one of them";
    "E0208" CircularDefinition { circle: String }
        "definitions go in a circle: {circle}" "needs its own value" "define it without using itself";
    "E0209" IndexHidesName { name: String }
        "index `{name}` hides another meaning of `{name}`" "index" "use another letter for the index";
    "E0210" IndexOutside { name: String }
        "`{name}` is an index elsewhere and means nothing here" "not inside a reduction over `{name}`" "put it inside the reduction, or declare `param {name}` and rename the index";
    "E0211" NotFinite { name: String }
        "`{name}` is not a number" "not finite" "use a large number, or leave the term out";
    "E0212" BracketsForFunction { name: String }
        "`{name}` is a function, not an indexed quantity" "subscripts" "write `{name}(…)`";
    "E0213" ParenthesesForIndexed { name: String }
        "`{name}` is an indexed quantity, not a function" "arguments" "write `{name}[…]`";
    "E0214" DefinitionWithoutSubscripts { name: String }
        "`{name}` is an indexed quantity" "used as a number" "write `{name}[i]`";
    "E0215" ConditionAsNumber
        "expected a number, found a condition" "a condition" "write `if(condition, 1, 0)`";
    "E0216" NumberAsCondition
        "expected a condition, found a number" "a number" "compare it, as in `x > 0`";
    "E0217" DivisionByZero
        "division by zero" "always zero" "remove the division";
    "E0218" NothingToReduce { name: String }
        "`{name}` has nothing to run over" "no array without subscripts in it" "write `{name}(i, …)` with the index it runs over";

    "E0219" PowerOfFunction { name: String, power: String }
        "`{name}` is raised to a power before it is called" "a function, not a number" "write `{name}(x)^{power}`";
    "E0220" ForeignFunction { name: String, advice: String }
        "unknown function `{name}`" "not of this language" "{advice}";
    "E0221" ObservedDefined { name: String }
        "`{name}` is a column of the data, and there is no error function" "defined here"
        "write what is to be as small as possible: `E = sum(i, ({name}[i] - (…))^2)`";
    "E0222" MisspelledColumn { name: String, suggestion: String }
        "the data has no column `{name}`" "taken for a parameter of every row" "write `{suggestion}`, or declare `param {name}[n]`";

    "E0301" ArrayAsNumber { name: String, missing: usize, example: String }
        "`{name}` is an array" "lacks {missing} of its subscripts" "write `{example}` where an index runs over it";
    "E0302" SubscriptCount { name: String, expected: usize, found: usize }
        "wrong number of subscripts: `{name}` takes {expected}, found {found}" "wrong number of subscripts" "give one subscript per axis";
    "E0303" SubscriptOnScalar
        "a number takes no subscripts" "not an array" "remove the subscripts, or declare the array with its axes";
    "E0304" SubscriptNotAffine
        "not a position" "neither an integer form of indices nor a look-up" "write `i`, `i+1`, `2*i`, a number, or an element of an integer data array";
    "E0305" ParameterAsSubscript { name: String }
        "parameter `{name}` cannot be a subscript" "varies during a fit" "declare `data {name}`";
    "E0306" BoundNotAffine
        "not the end of a range" "neither an integer nor an integer form of indices and sizes" "write a number, a declared size or an outer index";
    "E0307" RangeUnknown { name: String }
        "cannot tell what `{name}` runs over" "subscripts no array of known size" "write `{name} in 0..n`, or declare the arrays it subscripts";
    "E0308" RangesConflict { name: String, first: String, second: String }
        "`{name}` runs over {first} and over {second}" "runs over {second} here" "declare both arrays with the same size, or write `{name} in 0..{first}`";
    "E0309" ExtentUnknown { name: String, example: String }
        "cannot tell the size of `{name}`" "not declared" "declare `{example}`";
    "E0310" PositionTooLarge { array: String, position: String, size: String }
        "position {position} is outside of `{array}`" "the size is {size}, positions begin at 0" "use a smaller position, or declare more elements";
    "E0311" RangeTooLarge { array: String, last: String, size: String }
        "subscript runs past the end of `{array}`" "reaches {last}, the size is {size}" "end the range earlier";
    "E0312" PositionNegative { array: String, position: String }
        "subscript runs before the beginning of `{array}`" "reaches {position}, positions begin at 0" "begin the range later";
    "E0313" TupleAsNumber
        "expected a number, found several" "a tuple or an array" "take one element of it";
    "E0314" ElementOutOfRange { length: usize }
        "no such element" "there are {length}, counted from 0" "use a smaller position";
    "E0315" ComputedElement { limit: usize }
        "cannot choose among these elements by an index" "not a list of up to {limit} numbers"
        "write a position such as `0`, or pass the array as an argument";
    "E0316" NoLength
        "not an array" "has no length" "ask an array for its length";
    "E0317" LengthsDiffer { first: String, second: String }
        "sequences of different lengths: {first} and {second}" "walked together here" "use sequences of the same length";
    "E0318" PatternLength { count: usize }
        "the value does not have {count} elements" "{count} names" "match the number of elements of an array of fixed size";

    "E0401" UnknownRustName { name: String }
        "`{name}` is not known here" "neither an argument nor a local name" "pass it as an argument; items outside of the function are not visible to the attribute";
    "E0402" ReadWhileAccumulating { name: String }
        "`{name}` is read while it is being accumulated" "depends on the iterations before"
        "use the total after the loop, or loop over a fixed range of at most 128 positions";
    "E0403" AssignmentInLoop { name: String }
        "`{name}` is assigned inside a loop" "only the last iteration counts, or each needs the one before"
        "accumulate with `+=`, `*=` or `max`, or loop over a fixed range of at most 128 positions";
    "E0404" MixedUpdates { name: String }
        "`{name}` is changed in different ways" "neither a plain sum nor a plain product"
        "use one accumulator per operation, or loop over a fixed range of at most 128 positions";
    "E0405" UpdateInExpression { name: String }
        "`{name}` is changed inside a closure or an expression" "happens only where the expression is evaluated" "change it in a loop or a plain statement";
    "E0406" AccumulatorNotNumber { name: String }
        "`{name}` is not a number" "cannot accumulate" "use an `f64` accumulator";
    "E0407" RemainderOfNumbers
        "a remainder of numbers cannot be differentiated" "not integers" "write `x - y * (x / y).trunc()`";
    "E0408" IntegerTooLarge
        "integer is too large" "beyond 2^53" "use a smaller integer";
    "E0409" Unsupported { what: String, instead: String }
        "{what} is not supported" "the attribute cannot follow this" "{instead}";
    "E0410" UnknownMethod { name: String }
        "method `{name}` is not known" "no derivative" "use the elementary functions of `f64`, or write it out";
    "E0411" ArgumentType { name: String }
        "argument `{name}` has a type that cannot be differentiated" "not a number or an array of numbers"
        "use `f64`, `&[f64]`, `&[f64; N]`, `&[[f64; D]]`, `&SVector<f64, N>`, `&[usize]` for positions, or a structure with `#[derive(Parameters)]` named in `uses(…)`";
    "E0412" ArraySize { name: String }
        "the size of `{name}` is not a literal" "constants are not visible to the attribute" "write the number, or make it generic: `<const N: usize>`";
    "E0413" ReturnType
        "an error function returns `f64`" "neither `f64` nor `f32`" "write `-> f64`";
    "E0414" UnknownOption { name: String }
        "unknown option `{name}`" "not an option" "write `wrt(…)` with names of arguments, `only(…)` with names of functions, `uses(…)` with paths of structures and functions, `sparse`, `parallel`, `strict`, `robust`, `fast`, `lanes = 4` or `test`";
    "E0415" NotAnArgument { name: String }
        "`{name}` is not an argument of this function" "not found among the arguments" "name an argument";
    "E0416" NoParameters
        "nothing to differentiate with respect to" "all arguments are data" "write `wrt(…)` with the arguments that are parameters";
    "E0417" FunctionKind { what: String }
        "{what} functions cannot be differentiated" "not a plain function" "write a plain `fn` of numbers and arrays";
    "E0418" LocalPattern
        "unsupported pattern" "neither a name, a tuple nor an array pattern" "bind a name and take its elements";
    "E0419" NotFiniteLiteral
        "number is not finite" "not a finite decimal number" "write a number below 1.8e308";
    "E0420" Iteration
        "cannot tell what this iterates over" "neither a range nor an array" "iterate over a range, an array, or `iter()`, `zip`, `enumerate`, `map` of them";
    "E0421" Unfinished
        "the function has no final expression" "expected the value of the error function" "end the function with an expression, without a semicolon";
    "E0423" UnknownRustFunction { name: String }
        "function `{name}` is not visible here" "neither a closure nor a function inside of this one"
        "write `#[differentiable]` above it and `uses({name})` in the attribute, or a closure or a function inside; elementary functions are methods (`x.exp()`) or paths (`hesse::math::sigmoid(x)`)";
    "E0424" ScatteredElement
        "the changed element is chosen by data" "not an integer form of indices"
        "loop over all elements and add where the position matches: `if class[i] == k {{ … }}`";
    "E0425" FilledNotArray { name: String }
        "`{name}` is not an array of this function" "cannot be filled" "bind it before: `let mut {name} = [0.0; N];`";
    "E0426" UnknownOutput { name: String, known: String }
        "there is no function `{name}` to generate" "not one of them" "write some of {known}";
    "E0427" NoSquares
        "this error function is no sum of squares" "has no Gauss–Newton matrix"
        "write it as a sum of squares, with factors of numbers and data in front, or leave `gauss_newton` out";
    "E0428" NoRows
        "this error function is no sum over rows of data" "has no rows to cut into blocks"
        "write it as a sum over rows of data and perhaps further terms, or leave `parallel` out";
    "E0429" WholeRows
        "this error function needs a sum over all rows before it can go on" "cannot be cut into blocks of rows"
        "make the sum over rows a term of its own, pass what all rows share as data, or leave `parallel` out";
    "E0430" OwnedArgument { name: String }
        "argument `{name}` is taken by value" "its length is known at run time only" "take a reference: `&DVector<f64>`, `&[f64; N]`, `&[f64]`";
    "E0431" SingleParameters { name: String }
        "the parameters `{name}` are `f32`, and their number is known at run time only" "would have to be copied"
        "write `f64`, or an array of fixed size";
    "E0432" NoField { name: String }
        "the structure has no field `{name}`" "not one of its fields" "name one of its fields";
    "E0433" Lanes
        "this number of lanes does not exist" "not 1, 2, 4 or 8" "write `lanes = 1` for plain loops, `lanes = 2` or `lanes = 4` for narrow ones, or `lanes = 8`, which is usual";
    "E0434" TestWithoutOutputs
        "a test needs gradient and Hessian" "there are none to test" "leave `only(…)` out, or add `gradient` and `hessian` to it";
    "E0435" NoDual { name: String }
        "there is no test of error functions with `{name}`" "dual numbers lack this function" "leave `test` out";
    "E0436" MatrixLength
        "a matrix is not walked element by element" "columns lie one after another" "loop over `nrows()` and `ncols()`, and read `m[(i, j)]`";
    "E0437" IdleSize { name: String }
        "`{name}` is the size of no argument" "nothing tells it" "use it in the type of an argument, as in `&[f64; {name}]`, or write the number";
    "E0438" LongRecurrence { name: String, count: String, limit: i64 }
        "`{name}` carries a value through {count} iterations" "each iteration needs the one before"
        "use at most {limit} iterations, or accumulate with `+=`, `*=` or `max` so that the loop stays a loop";
    "E0439" TooManyIterations { name: String, limit: usize }
        "`{name}` carries a value through too many iterations" "more than {limit} in this function are written out"
        "use fewer iterations, or accumulate with `+=`, `*=` or `max` so that the loop stays a loop";
    "E0440" StridedElement
        "the loop changes every so many elements" "the subscript moves by more than one"
        "loop over all elements: `z[i] += …`";
    "E0441" LookedUpElement
        "an element of a computed array cannot be looked up by data" "a position that is data"
        "pass the array as an argument, or compute the element where it is used";
    "E0442" ConditionalExtreme { name: String }
        "`{name}` is a largest or smallest value under a condition" "nothing to take where the condition does not hold"
        "choose the value: `{name} = {name}.max(if … {{ x }} else {{ f64::MIN }})`";
    "E0443" CastToInteger
        "a number cannot be cast to an integer" "jumps from one integer to the next" "use integers throughout, or `trunc()`";
    "E0444" BlockWithoutValue
        "the block has no value" "expected an expression at its end" "end it with an expression, without a semicolon";
    "E0445" UnknownLength
        "cannot tell the length of this array" "not written here" "write `std::array::from_fn::<_, 3, _>(|j| …)`, or bind it: `let z: [f64; 3] = …`";
    "E0446" OpenRange { end: String }
        "the range has no {end}" "cannot tell what it runs over" "write both ends: `0..n`";
    "E0447" LiteralCount { method: String, limit: usize }
        "`{method}` takes a literal" "not a number from 1 to {limit}" "write the number: `{method}(2)`";
    "E0448" ComputedLength
        "an array of this length cannot be made here" "neither a number nor the length of an argument"
        "loop over the positions instead: `for i in 1..x.len()`";
    "E0449" OuterConstant { name: String }
        "the value of `{name}` is not visible here" "a constant from outside of the function" "move `const {name}` into the function";
    "E0450" OuterPath { path: String, name: String }
        "`{path}` is not visible here" "a path to an item outside of the function"
        "move it into the function as `const {name}: f64`, or bring it in beside the function and write `{name}`";
    "E0451" CountedByHand { name: String }
        "`{name}` is counted by hand" "its value depends on the iterations before"
        "write `for ({name}, …) in ….iter().enumerate()`, or loop over a range";
    "E0452" ClosureAsNumber { name: String }
        "`{name}` is a function" "used as a number" "call it: `{name}(…)`";
    "E0453" UnknownParts { length: usize }
        "the number of these parts is not known here" "the length is known at run time only"
        "pass rows, `&[[f64; {length}]]`, or use arrays of fixed size";
    "E0454" NamedRest
        "a name for the rest of an array is not supported" "has no size of its own" "take the rest by a range: `let rest = &w[1..];`";
    "E0455" SliceMatched
        "a slice of run-time length cannot be matched by its elements" "both outcomes read elements"
        "loop over the slice, or use an array of fixed size";
    "E0456" NoThirdDerivative
        "there is no third derivative" "a function with given derivatives has two" "leave `directional` out";
    "E0457" UnknownFormulaOption { name: String }
        "`{name}` is no option of a formula" "not one of them"
        "write `only(…)` with names of functions, `sparse`, `parallel`, `strict`, `robust`, `fast` or `lanes = 4`";
    "E0458" SecondMode
        "`strict`, `robust` and `fast` exclude each other" "another mode" "name one of them";
    "E0459" TooManyGiven { limit: usize }
        "more than {limit} functions with given derivatives" "too many" "split the error function";
    "E0461" DataOption
        "`data` is no option" "not an option" "write `#[data]` before the argument, as in `#[data] x: f64`";
    "E0460" NothingNamed
        "`only()` names nothing to generate" "empty" "name functions, as in `only(value, gradient)`, or leave it out";
    "E0422" Conflicting { name: String }
        "`{name}` is both a parameter and data" "named in `wrt(…)`, too" "leave `#[data]` out, or take it off `wrt(…)`";
    "E0490" NotRust { message: String }
        "this is no Rust file: {message}" "unexpected" "";
    "E0492" NeedsMacro { what: String }
        "{what} cannot be written out" "needs the macros of the crate `hesse`"
        "write it outside, or compile this file with the attribute";
    "E0493" NotInFile { path: String }
        "there is no definition of `{path}` in this file" "not found, or without a mark"
        "write it here, with `#[differentiable]`, `#[derivatives(…)]` or `#[derive(Parameters)]`";
    "E0491" NoFunction
        "nothing to generate in this file" "no function stands under `#[derive_hessian]`"
        "write `#[derive_hessian]` above the error functions";
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_problem_has_a_code_of_its_own() {
        for (at, code) in super::CODES.iter().enumerate() {
            assert!(!super::CODES[..at].contains(code), "{code}");
        }
    }
}
