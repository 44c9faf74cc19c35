//! Formats other than commas, against tables written down here.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::io::{Cursor, Write as _};

use hesse_data::{DataError, Delimiter, Origin, Part, Table};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

fn part(name: &str, bytes: &[u8]) -> Result<Part, DataError> {
    Part::scan_from(Origin::hold(name, bytes)?, None, &mut |_| ())
}

fn table(name: &str, bytes: &[u8]) -> Table {
    Table::new(vec![part(name, bytes).unwrap()]).unwrap()
}

/// An array as NumPy writes it: magic, version 1.0, length of the header, header padded to 64, numbers.
fn array(descr: &str, order: &str, shape: &str, numbers: &[u8]) -> Vec<u8> {
    let mut header = format!("{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}");
    while !(header.len() + 11).is_multiple_of(64) {
        header.push(' ');
    }
    header.push('\n');
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(numbers);
    bytes
}

fn floats(numbers: &[f64]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

#[test]
fn delimiters_and_quotes_are_told_from_the_header() {
    for (text, delimiter) in [
        ("x\ty\n1\t2\n", Delimiter::Tab),
        ("x;y\n1;2\n", Delimiter::Semicolon),
        ("\"x\",\"y\"\n\"1\",\"2\"\n", Delimiter::Comma),
    ] {
        assert_eq!(table("t", text.as_bytes()).read(0..1, &["y", "x"]).unwrap(), [2.0, 1.0]);
        let origin = Origin::hold("t", text.as_bytes()).unwrap();
        let known = Part::scan_from(origin, Some(delimiter), &mut |_| ()).unwrap();
        assert_eq!(known.columns(), ["x", "y"]);
    }
    // A delimiter within quotes is none, and columns without a name are left alone.
    let odd = table("t", b"\"a;b;c\",,\n1,2,3\n");
    assert_eq!(odd.names().collect::<Vec<_>>(), ["a;b;c"]);
}

#[test]
fn missing_values_are_named_by_row_line_and_column() {
    let complaint = |text: &str| table("t.csv", text.as_bytes()).read(0..9, &["y"]).unwrap_err().to_string();
    assert_eq!(
        complaint("x,y\n\n1,2\n3,\n"),
        "row 2 (line 4) of column `y` in `t.csv` is empty, expected a number; leave out rows without a value"
    );
    assert_eq!(
        complaint("x\ty\n3\t1,5\n"),
        "row 1 (line 2) of column `y` in `t.csv` is `1,5`, expected a number; write decimals with a point"
    );
}

#[test]
fn arrays_have_their_rows_first() {
    let y = table("y.npy", &array("'<f8'", "False", "(3,)", &floats(&[1.0, 2.0, 3.0])));
    assert_eq!(y.read(1..3, &["y"]).unwrap(), [2.0, 3.0]);
    let numbers = floats(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let rows = table("x.npy", &array("'<f8'", "False", "(3, 2)", &numbers));
    assert_eq!(rows.columns(), ["x[0]", "x[1]"]);
    assert_eq!(rows.matrices(), [("x".to_owned(), vec!["x[0]".to_owned(), "x[1]".to_owned()])]);
    assert_eq!(rows.read(1..3, &["x[0]", "x[1]"]).unwrap(), [3.0, 4.0, 5.0, 6.0]);
    let columns = table("x.npy", &array("'<f8'", "True", "(3, 2)", &numbers));
    assert_eq!(columns.read(1..3, &["x[0]", "x[1]"]).unwrap(), [2.0, 5.0, 3.0, 6.0]);
}

#[test]
fn all_types_of_numbers_are_read() {
    let one = |descr: &str, bytes: &[u8]| {
        table("v.npy", &array(&format!("'{descr}'"), "False", "(1,)", bytes)).read(0..1, &["v"]).unwrap()[0]
    };
    assert_eq!(one("|b1", &[1]), 1.0);
    assert_eq!(one("|i1", &[0xfe]), -2.0);
    assert_eq!(one("<i4", &(-70_000i32).to_le_bytes()), -70_000.0);
    assert_eq!(one(">i8", &(-7i64).to_be_bytes()), -7.0);
    assert_eq!(one("<u2", &65_535u16.to_le_bytes()), 65_535.0);
    assert_eq!(one("<f4", &0.5f32.to_le_bytes()), 0.5);
    assert_eq!(one(">f8", &(-0.1f64).to_be_bytes()), -0.1);
    let record = array("[('a', '<f8'), ('name', '|S2'), ('k', '<i4')]", "False", "(2,)", &{
        let row = |a: f64, k: i32| [&a.to_le_bytes()[..], b"ab", &k.to_le_bytes()].concat();
        [row(1.5, 3), row(2.5, 4)].concat()
    });
    let record = table("r.npy", &record);
    assert_eq!(record.columns(), ["a", "k"]);
    assert_eq!(record.read(0..2, &["k", "a"]).unwrap(), [3.0, 1.5, 4.0, 2.5]);
}

#[test]
fn an_archive_is_a_table_of_its_arrays() {
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(method);
        for (name, bytes) in [
            // A number beside the columns is none.
            ("k.npy", array("'<f8'", "False", "()", &floats(&[7.0]))),
            ("x.npy", array("'<f8'", "False", "(2, 2)", &floats(&[1.0, 2.0, 3.0, 4.0]))),
            ("y.npy", array("'<f8'", "False", "(2,)", &floats(&[5.0, 6.0]))),
        ] {
            archive.start_file(name, options).unwrap();
            archive.write_all(&bytes).unwrap();
        }
        let table = table("t.npz", archive.finish().unwrap().get_ref());
        assert_eq!(table.columns(), ["x[0]", "x[1]", "y"]);
        assert_eq!(table.read(1..2, &["y", "x[0]", "x[1]"]).unwrap(), [6.0, 3.0, 4.0]);
    }
}

/// More than is kept in memory: text, and members of archives that are packed.
#[test]
fn long_streams_are_the_same_tables() {
    let rows = 200_000;
    let text = (0..rows).fold("x,y\n".to_owned(), |text, i| text + &format!("{i},{}\n", -i));
    assert!(text.len() > 1 << 20);
    let text = table("-", text.as_bytes());
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("y.npy", SimpleFileOptions::default()).unwrap();
    let numbers: Vec<f64> = (0..rows).map(|i| -f64::from(i)).collect();
    archive.write_all(&array("'<f8'", "False", "(200000,)", &floats(&numbers))).unwrap();
    let packed = table("t.npz", archive.finish().unwrap().get_ref());
    for from in [0, 150_000, 199_998] {
        let expected: Vec<f64> = numbers[from..from + 2].to_vec();
        assert_eq!(text.read(from..from + 2, &["y"]).unwrap(), expected);
        assert_eq!(packed.read(from..from + 2, &["y"]).unwrap(), expected);
    }
}

#[test]
fn what_is_wrong_with_an_array_is_said() {
    let complaint = |bytes: &[u8]| {
        let part = part("v.npy", bytes).and_then(|part| Table::new(vec![part]));
        part.and_then(|table| table.read(0..9, &["v"])).unwrap_err().to_string()
    };
    assert_eq!(
        complaint(&array("'<f8'", "False", "(2,)", &floats(&[1.0, f64::NAN]))),
        "row 2 of column `v` in `v.npy` is `NaN`, expected a finite number; leave out rows without a value"
    );
    assert_eq!(
        complaint(&array("'<f8'", "False", "(1, 1, 1)", &floats(&[1.0]))),
        "`v` of `v.npy` has the shape [1, 1, 1], expected [rows] or [rows, columns]"
    );
    assert_eq!(
        complaint(&array("'<U1'", "False", "(1,)", &[0; 4])),
        "column `v` of `v.npy` has the type `<U1`, expected numbers"
    );
    let cut = "cannot read `v.npy`: `v` ends before its 5 rows";
    assert_eq!(complaint(&array("'<f8'", "False", "(5,)", &floats(&[1.0]))), cut);
    let endless = array("'<f8'", "False", "(4611686018427387904,)", &floats(&[1.0]));
    assert!(complaint(&endless).ends_with("ends before its 4611686018427387904 rows"));
    assert!(complaint(&array("[]", "False", "(2,)", &[])).contains("`v`"));
    #[cfg(not(feature = "parquet"))]
    assert_eq!(
        complaint(b"PAR1...."),
        "`v.npy` is a Parquet file: build with the feature `parquet`, or save it as CSV"
    );
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_files_are_read_by_groups_of_rows() {
    use std::sync::Arc;

    use parquet::data_type::{DoubleType, Int32Type};
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;

    let schema = parse_message_type("message t { required double x; optional int32 k; }").unwrap();
    let mut bytes = Vec::new();
    let properties = Arc::new(WriterProperties::builder().build());
    let mut writer = SerializedFileWriter::new(&mut bytes, Arc::new(schema), properties).unwrap();
    for (x, k, levels) in
        [([1.0, 2.0, 3.0], &[7, 8, 9][..], [1, 1, 1]), ([4.0, 5.0, 6.0], &[1, 2], [1, 0, 1])]
    {
        let mut group = writer.next_row_group().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<DoubleType>().write_batch(&x, None, None).unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<Int32Type>().write_batch(k, Some(&levels), None).unwrap();
        column.close().unwrap();
        group.close().unwrap();
    }
    writer.close().unwrap();
    let table = table("t.parquet", &bytes);
    assert_eq!((table.columns(), table.rows()), (&["x".to_owned(), "k".to_owned()][..], 6));
    assert_eq!(table.read(1..4, &["k", "x"]).unwrap(), [8.0, 2.0, 9.0, 3.0, 1.0, 4.0]);
    assert_eq!(
        table.read(0..6, &["k"]).unwrap_err().to_string(),
        "row 5 of column `k` in `t.parquet` is empty, expected a number; leave out rows without a value"
    );
}
