//! Kernel to the source text of other languages: C99 and Python with NumPy.
//!
//! | part | file |
//! |---|---|
//! | what to write, its kernels and names | `unit`, `names` |
//! | positions as integer expressions, which both languages spell alike | `positions`, `families` |
//! | C99: functions, statements, what it needs of its own | `c` |
//! | NumPy: functions, statements, loops over rows, what it needs of its own | `numpy` |

mod c;
mod families;
mod names;
mod numpy;
mod positions;
mod unit;

pub use c::C;
pub use unit::Unit;
