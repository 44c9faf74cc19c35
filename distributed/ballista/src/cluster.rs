//! The processes of a cluster.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use ballista::prelude::SessionContextExt as _;
use ballista_core::registry::BallistaFunctionRegistry;
use ballista_core::utils::{default_config_producer, default_session_builder};
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::start_server;
use datafusion::error::DataFusionError;
use datafusion::execution::{FunctionRegistry as _, SessionState};
use datafusion::prelude::{SessionConfig, SessionContext};
use hesse_datafusion::{functions, register};

/// The longest message in bytes: a state of a dozen Hessians of some four thousand parameters.
const MESSAGE: u32 = 1 << 30;
/// An executor says so often that it is there, in seconds, and is lost after so many without a word.
const HEARTBEAT: u64 = 2;
const LOST: u64 = 10;

/// An executor.
#[derive(Debug, clap::Args)]
pub(crate) struct Executor {
    /// The scheduler: `host:port`.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:50050")]
    scheduler: String,
    /// The address to listen at.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    host: String,
    /// The port for data.
    #[arg(long, default_value_t = 50051)]
    port: u16,
    /// The port for tasks.
    #[arg(long, default_value_t = 50052)]
    grpc_port: u16,
    /// Tasks at once.
    #[arg(long, value_name = "COUNT", default_value_t = 1)]
    tasks: usize,
    /// The folder for intermediate results.
    #[arg(long, value_name = "FOLDER")]
    work: Option<PathBuf>,
}

/// A session state that knows our functions.
fn state(config: SessionConfig) -> Result<SessionState, DataFusionError> {
    let mut state = default_session_builder(config)?;
    for function in functions() {
        state.register_udaf(Arc::new(function))?;
    }
    Ok(state)
}

/// Runs a scheduler.
pub(crate) async fn schedule(host: &str, port: u16) -> Result<(), String> {
    let address = format!("{host}:{port}").parse::<SocketAddr>().map_err(complaint)?;
    let config = SchedulerConfig {
        bind_host: host.to_owned(),
        external_host: host.to_owned(),
        bind_port: port,
        executor_timeout_seconds: LOST,
        expire_dead_executor_interval_seconds: HEARTBEAT,
        grpc_server_max_decoding_message_size: MESSAGE,
        grpc_server_max_encoding_message_size: MESSAGE,
        grpc_client_max_message_size: MESSAGE,
        override_session_builder: Some(Arc::new(state)),
        ..SchedulerConfig::default()
    };
    let cluster = BallistaCluster::new_from_config(&config).await.map_err(complaint)?;
    start_server(cluster, address, Arc::new(config)).await.map_err(complaint)
}

/// Runs an executor.
pub(crate) async fn execute(executor: &Executor) -> Result<(), String> {
    let no_address = || format!("error: `{}` is no address: write `host:port`", executor.scheduler);
    let (host, port) = executor.scheduler.rsplit_once(':').ok_or_else(no_address)?;
    let mut registry = BallistaFunctionRegistry::default();
    for function in functions() {
        registry.aggregate_functions.insert(function.name().to_owned(), Arc::new(function));
    }
    let config = ExecutorProcessConfig {
        bind_host: executor.host.clone(),
        external_host: Some(executor.host.clone()),
        port: executor.port,
        grpc_port: executor.grpc_port,
        scheduler_host: host.to_owned(),
        scheduler_port: port.parse().map_err(|_| no_address())?,
        // Executors may be started before their scheduler.
        scheduler_connect_timeout_seconds: 30,
        vcores: executor.tasks,
        work_dir: executor.work.as_ref().map(|folder| folder.display().to_string()),
        executor_heartbeat_interval_seconds: HEARTBEAT,
        grpc_max_decoding_message_size: MESSAGE,
        grpc_max_encoding_message_size: MESSAGE,
        override_function_registry: Some(Arc::new(registry)),
        ..ExecutorProcessConfig::default()
    };
    start_executor_process(Arc::new(config)).await.map_err(complaint)
}

/// A session whose queries go to a scheduler.
pub(crate) async fn client(scheduler: &str, partitions: usize) -> Result<SessionContext, String> {
    let config = default_config_producer().with_target_partitions(partitions.max(1));
    let state = state(config).map_err(complaint)?;
    let address = format!("df://{scheduler}");
    let session = SessionContext::remote_with_state(&address, state).await.map_err(complaint)?;
    // What comes back knows the functions of Ballista alone.
    register(&session);
    Ok(session)
}

fn complaint(error: impl std::fmt::Display) -> String {
    format!("error: {error}")
}
