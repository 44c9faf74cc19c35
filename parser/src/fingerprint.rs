//! A number that stands for texts, in names and banners.

/// FNV-1a, 64 bits, over parts with a separator between them: the same on every machine, and no more than a mark.
///
/// ```
/// use hesse_parser::fingerprint;
///
/// assert_eq!(fingerprint(&["a", "b"]), fingerprint(&["a", "b"]));
/// assert_ne!(fingerprint(&["a", "b"]), fingerprint(&["ab"]));
/// ```
pub fn fingerprint(parts: &[&str]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0xff]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
