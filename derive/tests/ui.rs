//! Complaints of the macros, at the user's tokens, to the letter.

#[test]
fn complaints_point_at_tokens() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
