//! The sub-commands of the one binary. Each reads its input, calls domain or outside, prints, and gives an exit code:
//! 0 ok, 1 findings or failure, 2 usage.

mod admin;
mod inspect;
pub mod lint;
pub mod serve;
mod start;

use std::{
    io::{Read as _, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use clap::{
    Args, Parser, Subcommand, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser as _},
};

use crate::{
    config::{Config, VARIABLES},
    domain::{
        clock::{Clock as _, SystemClock},
        components::Kind,
        deployments::data_plane::NodePlatform,
    },
};

/// A self-hosted web console to bring your own container image to Kubernetes.
#[derive(Parser)]
#[command(name = "slipway", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the console (migrates the database first).
    #[command(after_long_help = configuration_help())]
    Serve,
    /// Bring the database's tables to this version.
    Migrate,
    /// Write a consistent copy of the SQLite database into a new file.
    Backup { file: PathBuf },
    /// Check endpoint files (endpoints.yaml, component-config.yaml, component.yaml; - reads standard input), a schedule or a name.
    Lint(LintArgs),
    /// Say what an image reference means and, with --remote, what the registry says of it and what that means.
    Inspect(InspectArgs),
    /// Look after this installation.
    #[command(subcommand)]
    Admin(AdminCommand),
}

#[derive(Args)]
struct LintArgs {
    #[arg(required_unless_present_any = ["cron", "name"])]
    files: Vec<PathBuf>,
    /// Check a Scheduled Task's schedule, such as "0 * * * *"; say in words when it runs, and its next five runs.
    #[arg(long)]
    cron: Option<String>,
    /// The schedule's time zone, such as Europe/Berlin; UTC if not given.
    #[arg(long, requires = "cron")]
    time_zone: Option<String>,
    /// Check a component's display name, and say which name is suggested for it.
    #[arg(long, value_name = "DISPLAY_NAME")]
    name: Option<String>,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Warnings count as findings too.
    #[arg(long)]
    strict: bool,
}

#[derive(Args)]
struct InspectArgs {
    image: String,
    /// Ask the registry, without a credential.
    #[arg(long)]
    remote: bool,
    /// The platform of a node that it is to run on, such as linux/arm64; may be repeated.
    #[arg(long, requires = "remote", value_parser = inspect::platform)]
    platform: Vec<NodePlatform>,
    /// What is to be made of it.
    #[arg(long, requires = "remote", value_parser = PossibleValuesParser::new(Kind::ALL.map(Kind::as_str)).try_map(Kind::try_from))]
    kind: Option<Kind>,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Subcommand)]
enum AdminCommand {
    /// Give a person a new password and end their sessions.
    ResetPassword { email: String },
}

#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    #[default]
    Human,
    Json,
}

/// Runs the command that the process was started with.
pub async fn run() -> ExitCode {
    // One TLS provider for every client of this process.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let outcome = match Cli::parse().command {
        Command::Serve => serve::run().await.map(|()| 0),
        Command::Migrate => migrate().await,
        Command::Backup { file } => backup(&file).await,
        Command::Lint(args) => lint(&args),
        Command::Inspect(args) => inspect(&args).await,
        Command::Admin(AdminCommand::ResetPassword { email }) => reset_password(&email).await,
    };
    match outcome {
        Ok(code) => ExitCode::from(u8::try_from(code).unwrap_or(1)),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "slipway: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn migrate() -> anyhow::Result<i32> {
    let config = Config::from_environment()?;
    start::database(&config).await?.close().await;
    say("The database is at this version.")
}

async fn backup(file: &std::path::Path) -> anyhow::Result<i32> {
    let config = Config::from_environment()?;
    let db = start::database(&config).await?;
    db.backup(file).await?;
    db.close().await;
    say(&format!(
        "Written to {}. The backup opens only with the master key ({}): keep a copy of that too, in another place.",
        file.display(),
        config.master_key_file.display()
    ))
}

async fn reset_password(email: &str) -> anyhow::Result<i32> {
    let config = Config::from_environment()?;
    let context = start::context(&config).await?;
    let password = admin::reset_password(&context, email).await?;
    context.db.close().await;
    say(&format!("New password of {email}: {password}\nAll sessions of this person have ended."))
}

fn lint(args: &LintArgs) -> anyhow::Result<i32> {
    let files: Vec<_> = args.files.iter().map(|path| (path.display().to_string(), read_input(path))).collect();
    let schedule = args.cron.as_deref().map(|cron| (cron, args.time_zone.as_deref().unwrap_or_default()));
    let asked = lint::Asked { files: &files, schedule, name: args.name.as_deref(), now: SystemClock.now() };
    Ok(lint::run(&asked, args.format == Format::Json, args.strict, &mut std::io::stdout().lock())?)
}

fn read_input(path: &std::path::Path) -> std::io::Result<String> {
    if path == std::path::Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text)?;
        return Ok(text);
    }
    std::fs::read_to_string(path)
}

async fn inspect(args: &InspectArgs) -> anyhow::Result<i32> {
    let client = if args.remote { Some(start::registry_client(&Config::from_environment()?)?) } else { None };
    let remote = client.as_deref().map(|client| inspect::Remote { client, kind: args.kind, nodes: &args.platform });
    inspect::run(&args.image, remote, args.format == Format::Json, &mut std::io::stdout().lock()).await
}

fn say(text: &str) -> anyhow::Result<i32> {
    writeln!(std::io::stdout(), "{text}")?;
    Ok(0)
}

fn configuration_help() -> String {
    let mut text = String::from("Configuration (environment variables):\n");
    for variable in VARIABLES {
        text.push_str(&format!("\n  {}  [default: {}]\n      {}\n", variable.name, variable.default, variable.meaning));
    }
    text
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Cli::command().debug_assert();
    }
}
