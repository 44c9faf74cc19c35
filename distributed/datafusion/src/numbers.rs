//! Row numbers for tables that have none.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Int64Array, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::catalog::streaming::StreamingTable;
use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfig, FileScanConfigBuilder};
use datafusion::datasource::source::DataSourceExec;
use datafusion::error::Result;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::PartitionStream;
use datafusion::physical_plan::{ExecutionPlan, ExecutionPlanProperties as _};
use datafusion::prelude::{SessionConfig, SessionContext};
use futures::{StreamExt as _, TryStreamExt as _};
use hesse_data::part_order;

use crate::refused;

/// The column of the numbers.
pub(crate) const COLUMN: &str = "hesse_row";

/// What passes rows on in the order of the files.
const IN_ORDER: [&str; 6] =
    ["DataSourceExec", "EmptyExec", "FilterExec", "ProjectionExec", "CoalesceBatchesExec", "CooperativeExec"];

/// The configuration in which a scan gives its rows in the order of the files, its first partition the first rows.
pub(crate) fn in_order(config: SessionConfig) -> SessionConfig {
    config
        .with_round_robin_repartition(false)
        .set_bool("datafusion.execution.enable_file_stream_work_stealing", false)
}

/// A plan whose rows get numbers from 0 in the order of its partitions: they are the order of the files, into however
/// many partitions these are cut. Gives the number of rows too.
///
/// The rows of every partition are counted first, in one pass. The plan is run again for every evaluation; it must give
/// the same rows each time, so files must not change meanwhile.
pub(crate) async fn number(
    session: &SessionContext,
    plan: Arc<dyn ExecutionPlan>,
) -> Result<(StreamingTable, usize)> {
    check_order(&plan)?;
    let plan = in_part_order(plan)?;
    let counts = (0..plan.output_partitioning().partition_count()).map(|partition| {
        let stream = plan.execute(partition, session.task_ctx());
        tokio::spawn(
            async move { stream?.try_fold(0, async |count, batch| Ok(count + batch.num_rows())).await },
        )
    });
    let counts: Vec<_> = counts.collect();
    let mut schema: Vec<_> = plan.schema().fields().iter().cloned().collect();
    schema.push(Arc::new(Field::new(COLUMN, DataType::Int64, false)));
    let schema = Arc::new(Schema::new(schema));
    let (mut partitions, mut first): (Vec<Arc<dyn PartitionStream>>, _) = (Vec::new(), 0);
    for (partition, count) in counts.into_iter().enumerate() {
        let plan = Arc::clone(&plan);
        let count: usize = count.await.map_err(refused)??;
        partitions.push(Arc::new(Partition { plan, partition, first, count, schema: Arc::clone(&schema) }));
        first += count;
    }
    Ok((StreamingTable::try_new(schema, partitions)?, first))
}

/// The plan with its files in the order of parts, for a listing has them letter by letter: as many partitions, and as many
/// files or pieces of files in each.
pub(crate) fn in_part_order(plan: Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
    let ordered = plan.transform_up(|plan| {
        let scan = plan.downcast_ref::<DataSourceExec>();
        let Some(scan) = scan.and_then(|scan| scan.data_source().downcast_ref::<FileScanConfig>()) else {
            return Ok(Transformed::no(plan));
        };
        let lengths: Vec<usize> = scan.file_groups.iter().map(FileGroup::len).collect();
        let mut files: Vec<_> = scan.file_groups.iter().flat_map(FileGroup::iter).cloned().collect();
        let start = |file: &PartitionedFile| file.range.as_ref().map_or(0, |range| range.start);
        files.sort_by(|a, b| {
            let names = part_order(a.path().as_ref(), b.path().as_ref());
            names.then_with(|| start(a).cmp(&start(b)))
        });
        let mut files = files.into_iter();
        let groups = lengths.iter().map(|&length| FileGroup::new(files.by_ref().take(length).collect()));
        let scan = FileScanConfigBuilder::from(scan.clone()).with_file_groups(groups.collect()).build();
        Ok(Transformed::yes(DataSourceExec::from_data_source(scan)))
    })?;
    Ok(ordered.data)
}

fn check_order(plan: &Arc<dyn ExecutionPlan>) -> Result<()> {
    if !IN_ORDER.contains(&plan.name()) {
        return Err(refused(format!(
            "the plan has `{}`, which may change the order of rows: give the table a column of row numbers",
            plan.name()
        )));
    }
    plan.children().into_iter().try_for_each(check_order)
}

/// One partition of a plan.
#[derive(Debug)]
struct Partition {
    plan: Arc<dyn ExecutionPlan>,
    partition: usize,
    /// The number of its first row.
    first: usize,
    /// How many rows it had when they were counted.
    count: usize,
    schema: SchemaRef,
}

impl PartitionStream for Partition {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, context: Arc<TaskContext>) -> SendableRecordBatchStream {
        let stream = match self.plan.execute(self.partition, context) {
            Ok(stream) => stream,
            Err(error) => {
                let failed = futures::stream::once(async { Err(error) });
                return Box::pin(RecordBatchStreamAdapter::new(Arc::clone(&self.schema), failed));
            }
        };
        let (schema, mut next, end) = (Arc::clone(&self.schema), self.first, self.first + self.count);
        let numbered = stream.map(move |batch| {
            let batch = batch?;
            let rows = next..next + batch.num_rows();
            if rows.end > end {
                return Err(refused("the table has more rows than before: its files must not change"));
            }
            next = rows.end;
            let numbers = Int64Array::from_iter_values(rows.map(|row| row as i64));
            let mut columns = batch.columns().to_vec();
            columns.push(Arc::new(numbers) as ArrayRef);
            Ok(RecordBatch::try_new(Arc::clone(&schema), columns)?)
        });
        Box::pin(RecordBatchStreamAdapter::new(Arc::clone(&self.schema), numbered))
    }
}
