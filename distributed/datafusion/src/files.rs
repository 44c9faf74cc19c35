//! Files that are one table: found by their names, told apart by their first bytes, held to the columns of the first.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::datasource::file_format::options::{CsvReadOptions, ParquetReadOptions, ReadOptions as _};
use datafusion::datasource::listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl};
use datafusion::error::Result;
use datafusion::object_store::{ObjectMeta, ObjectStore, ObjectStoreExt as _};
use datafusion::prelude::SessionContext;
use futures::{StreamExt as _, TryStreamExt as _};
use hesse_data::{DataError, Delimiter, Origin, Part, Table, part_order, paths, reason};

use crate::refused;

/// Files that are looked at together.
const AT_ONCE: usize = 16;
/// A header is looked for in so many bytes first.
const HEADER: u64 = 1 << 12;
/// Columns that only a condition reads have the types that the first rows of so many files have.
const TYPED: usize = 8;
/// What a Parquet file begins with.
const PARQUET: &[u8] = b"PAR1";

/// The files of a table.
pub(crate) struct Files {
    urls: Vec<ListingTableUrl>,
    store: Arc<dyn ObjectStore>,
    found: Vec<ObjectMeta>,
    /// How they are read.
    options: ListingOptions,
    is_parquet: bool,
    /// The names of the columns, the same in all files.
    columns: Vec<String>,
}

impl Files {
    /// Finds the files of a location and compares their columns; their headers or footers are read.
    pub(crate) async fn find(session: &SessionContext, location: &str) -> Result<Files> {
        let no_file = || refused(DataError::NoFile { pattern: location.to_owned() });
        let (urls, names) = urls(location)?;
        let base = urls.first().ok_or_else(no_file)?.object_store();
        let are_folders = urls[0].is_collection();
        if let Some(at) = urls.iter().position(|url| url.is_collection() != are_folders) {
            let [folder, file] = if are_folders { [0, at] } else { [at, 0] };
            return Err(refused(format!(
                "`{}` is a folder, but `{}` is none: name files alone, as in `part-*.csv`",
                names[folder].display(),
                names[file].display()
            )));
        }
        let store = session.runtime_env().object_store(&base)?;
        let state = session.state();
        let mut found: Vec<(String, ObjectMeta)> = Vec::new();
        for (at, url) in urls.iter().enumerate() {
            let own: Vec<ObjectMeta> = url.list_all_files(&state, &store, "").await?.try_collect().await?;
            let name = |file: &ObjectMeta| match names.get(at).filter(|_| !are_folders) {
                Some(name) => name.display().to_string(),
                None => format!("{}{}", base.as_str(), file.location),
            };
            let is_data = |file: &ObjectMeta| !are_folders || ends(file, ".csv") || ends(file, ".parquet");
            found.extend(own.into_iter().filter(is_data).map(|file| (name(&file), file)));
        }
        found.sort_by(|(_, a), (_, b)| part_order(a.location.as_ref(), b.location.as_ref()));
        let (first, file) = found.first().ok_or_else(no_file)?;
        let is_parquet = beginning(&*store, file).await?.starts_with(PARQUET);
        let extension = match (are_folders, is_parquet) {
            (false, _) => "",
            (true, false) => ".csv",
            (true, true) => ".parquet",
        };
        let (config, table) = (state.config(), state.default_table_options());
        let options = if is_parquet {
            ParquetReadOptions::new().to_listing_options(config, table)
        } else {
            CsvReadOptions::new().to_listing_options(config, table)
        };
        let options = options.with_file_extension(extension);
        let parts = futures::stream::iter(&found).map(async |(name, file)| {
            let beginning = beginning(&*store, file).await?;
            if beginning.starts_with(PARQUET) != is_parquet {
                let kinds = if is_parquet { "is a Parquet file, but" } else { "is no Parquet file, but" };
                return Err(refused(format!(
                    "`{first}` {kinds} `{name}` is {}: name files of one kind, as in `part-*.csv`",
                    if is_parquet { "none" } else { "one" }
                )));
            }
            // A table of a folder has the files that end so.
            if !ends(file, extension) {
                return Err(refused(format!(
                    "`{name}` does not end in `{extension}`, as such files of a folder have to: give it another name"
                )));
            }
            let columns = if is_parquet {
                let schema = options.format.infer_schema(&state, &store, std::slice::from_ref(file)).await?;
                schema.fields().iter().map(|field| field.name().clone()).collect()
            } else {
                header(name, &beginning)?
            };
            // One row, for nobody asks how many there are.
            Ok(Part::known(name.into(), columns, 1))
        });
        let parts: Vec<Part> = parts.buffered(AT_ONCE).try_collect().await?;
        let columns = Table::new(parts).map_err(refused)?.columns().to_vec();
        let found = found.into_iter().map(|(_, file)| file).collect();
        Ok(Files { urls, store, found, options, is_parquet, columns })
    }

    /// The names of the columns, in their order.
    pub(crate) fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Makes a table of the files. In text `numbers` are numbers whatever the first rows look like; `others` says whether
    /// other columns are read too.
    pub(crate) async fn register(
        self,
        session: &SessionContext,
        name: &str,
        numbers: &[String],
        others: bool,
    ) -> Result<()> {
        let schema = if self.is_parquet {
            self.options.format.infer_schema(&session.state(), &self.store, &self.found).await?
        } else {
            self.types(session, numbers, others).await?
        };
        let config = ListingTableConfig::new_with_multi_paths(self.urls)
            .with_listing_options(self.options)
            .with_schema(schema);
        let cache = session.runtime_env().cache_manager.get_file_statistic_cache();
        session.register_table(name, Arc::new(ListingTable::try_new(config)?.with_cache(cache)))?;
        Ok(())
    }

    /// The types of the columns of text. Integers are read as the numbers that they may be followed by.
    async fn types(&self, session: &SessionContext, numbers: &[String], others: bool) -> Result<SchemaRef> {
        let state = session.state();
        let mut types = vec![None; self.columns.len()];
        for file in self.found.iter().take(if others { TYPED } else { 0 }) {
            let own =
                self.options.format.infer_schema(&state, &self.store, std::slice::from_ref(file)).await?;
            for (known, field) in types.iter_mut().zip(own.fields()) {
                let kind = match field.data_type() {
                    DataType::Null => continue,
                    kind if kind.is_numeric() => &DataType::Float64,
                    kind => kind,
                };
                *known = match known.take() {
                    Some(other) if other != *kind => Some(DataType::Utf8),
                    _ => Some(kind.clone()),
                };
            }
        }
        let field = |(name, kind): (&String, Option<DataType>)| {
            let kind = if numbers.contains(name) { Some(DataType::Float64) } else { kind };
            Field::new(name, kind.unwrap_or(DataType::Utf8), true)
        };
        Ok(Arc::new(Schema::new(self.columns.iter().zip(types).map(field).collect::<Vec<_>>())))
    }
}

fn ends(file: &ObjectMeta, extension: &str) -> bool {
    file.location.as_ref().ends_with(extension)
}

/// Where the files are, and for those of this machine the names they have here.
fn urls(location: &str) -> Result<(Vec<ListingTableUrl>, Vec<PathBuf>)> {
    if location.contains("://") {
        return Ok((vec![ListingTableUrl::parse(location)?], Vec::new()));
    }
    let paths = paths(location).map_err(refused)?;
    let urls = paths.iter().map(|path| local(path)).collect::<Result<_>>()?;
    Ok((urls, paths))
}

/// The address of one file or folder, whatever characters its name has.
fn local(path: &Path) -> Result<ListingTableUrl> {
    let unreadable = |error| refused(DataError::File { path: path.to_owned(), reason: reason(&error) });
    let is_folder = fs::metadata(path).map_err(unreadable)?.is_dir();
    let whole = std::path::absolute(path).map_err(unreadable)?;
    let mut url = "file://".to_owned();
    for byte in whole.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                url.push(char::from(*byte))
            }
            _ => url.push_str(&format!("%{byte:02X}")),
        }
    }
    if is_folder && !url.ends_with('/') {
        url.push('/');
    }
    ListingTableUrl::parse(url)
}

/// The first bytes of a file: the mark of Parquet, or the whole header of a text.
async fn beginning(store: &dyn ObjectStore, file: &ObjectMeta) -> Result<Vec<u8>> {
    let mut length = HEADER;
    loop {
        let range = 0..length.min(file.size);
        if range.is_empty() {
            return Ok(Vec::new());
        }
        let mut bytes = store.get_range(&file.location, range).await?.to_vec();
        if bytes.starts_with(PARQUET) {
            return Ok(bytes);
        }
        let mut is_quoted = false;
        let end = bytes.iter().position(|byte| {
            is_quoted ^= *byte == b'"';
            !is_quoted && *byte == b'\n'
        });
        if let Some(end) = end {
            bytes.truncate(end + 1);
        }
        if end.is_some() || length >= file.size {
            return Ok(bytes);
        }
        length *= 8;
    }
}

/// The names in the header of a text.
fn header(name: &str, beginning: &[u8]) -> Result<Vec<String>> {
    let origin = Origin::hold(name, beginning).map_err(refused)?;
    let part = Part::scan_from(origin, Some(Delimiter::Comma), &mut |_| ()).map_err(refused)?;
    Ok(part.columns().to_vec())
}
