//! The command line: one file a verb, one place for exit statuses.

mod about;
mod accepted;
mod agreed;
mod check;
mod choose;
mod complete;
mod completions;
mod config;
mod demo;
mod doctor;
mod document;
mod export;
mod found_in;
mod headless;
mod health;
mod init;
mod interrupted;
mod list;
mod lock;
mod log;
mod man;
mod material;
mod messages;
mod monitor;
mod new;
mod notes;
mod open;
mod opened;
mod plain;
mod plan;
mod preflight;
mod processes;
mod prompt;
mod prune;
mod redline;
mod rehearse;
mod report;
mod rollback;
mod run;
mod runs;
mod runtime;
mod sign;
mod stop;
mod store;
mod syntax;
mod terms;
mod typed;
mod verify;
mod watched;

use std::borrow::Cow;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use clap_complete::ArgValueCompleter;

use crate::exec::spawn;
use crate::visible;
pub use report::{CommandError, Status, note};

/// What was typed.
#[derive(Debug, Parser)]
#[command(name = "gonogo", version, long_version = about::version(), about, args_conflicts_with_subcommands = true)]
pub struct Cli {
    #[command(subcommand)]
    verb: Option<Verb>,
    /// The runbook to open; by default the active run, or the last one
    #[arg(add = ArgValueCompleter::new(complete::runbooks))]
    runbook: Option<PathBuf>,
    /// The environment to start in, as the document names it
    #[arg(long, value_name = "ENV", add = ArgValueCompleter::new(complete::environments))]
    env: Option<String>,
    #[command(flatten)]
    screens: opened::ScreenArgs,
    /// Your name, as the record shows it
    #[arg(long, global = true, value_name = "NAME", env = "GONOGO_OPERATOR")]
    operator: Option<String>,
    /// Colours: auto, always or never
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", hide_possible_values = true)]
    color: clap::ColorChoice,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Write a short runbook to begin with: deployment, migration, incident or rotation
    New(new::NewArgs),
    /// Write settings to begin with for a runbook
    Init(init::InitArgs),
    /// Show how gonogo reads a runbook
    Plan(plan::PlanArgs),
    /// Check a runbook: findings with their lines; exit 1 on errors
    Check(check::CheckArgs),
    /// Agree on how a runbook is read: write RUNBOOK.md.lock for review
    Lock(lock::LockArgs),
    /// Show which settings hold, and where each is said
    Config(config::ConfigArgs),
    /// Look at this machine and at what a runbook needs of it; exit 1 if something is broken
    Doctor(doctor::DoctorArgs),
    /// Run a runbook
    Run(run::RunArgs),
    /// List the runbooks below a directory
    List(list::ListArgs),
    /// List the runs
    Runs(runs::RunsArgs),
    /// Show how far a run has got
    Status(runs::RunAndJson),
    /// Watch or join a run in progress
    Attach(open::AttachArgs),
    /// Continue an unfinished run
    Resume(run::ResumeArgs),
    /// Rehearse a runbook without running anything: its paths and its rollback
    Rehearse(rehearse::RehearseArgs),
    /// Roll back as the document says, also after the run is over
    Rollback(rollback::RollbackArgs),
    /// Give up an unfinished run and free its environment
    Stop(stop::StopArgs),
    /// Print the recorded output of a command
    Output(runs::OutputArgs),
    /// Print or write the deployment log
    Log(log::LogArgs),
    /// Print changes that a run suggests for its document, as a patch for `git apply`
    Redline(redline::RedlineArgs),
    /// Write an archive of a run: log, report, journal, recordings, signatures
    Export(export::ExportArgs),
    /// Sign a run, or an archive of one
    Sign(sign::SignArgs),
    /// Verify the record of a run; exit 1 if it was changed
    Verify(verify::VerifyArgs),
    /// Remove old runs that are over; one line of each is kept
    Prune(prune::PruneArgs),
    /// Make a team's store in PostgreSQL
    #[command(subcommand)]
    Store(store::StoreVerb),
    /// Check a service's health by its runbook, without starting a run
    Monitor(monitor::MonitorArgs),
    /// Try whether those who are told of runs can be told
    #[command(subcommand)]
    Messages(messages::MessagesVerb),
    /// Try gonogo: deploy a small real service in a sandbox
    Demo(demo::DemoArgs),
    /// Print shell completions
    Completions(completions::CompletionArgs),
    /// Print the manual
    Man(man::ManArgs),
    /// The process that owns a run
    #[command(hide = true)]
    Runner(processes::ProcessArgs),
    /// The process that a run's commands run in
    #[command(hide = true)]
    Shim(processes::ProcessArgs),
    /// The service that the demo deploys
    #[command(hide = true)]
    DemoService(demo::ServiceArgs),
}

impl Verb {
    /// Whether its exit status says something beside what it prints.
    fn tells_by_its_status(&self) -> bool {
        let page = matches!(
            self,
            Self::Plan(_)
                | Self::Config(_)
                | Self::List(_)
                | Self::Runs(_)
                | Self::Status(_)
                | Self::Output(_)
                | Self::Log(_)
                | Self::Redline(_)
                | Self::Completions(_)
                | Self::Man(_)
        );
        !page
    }
}

/// Parses the arguments, runs the verb, turns its result into an exit status.
pub fn main() -> ExitCode {
    if complete::answered() {
        return ExitCode::SUCCESS;
    }
    report::choose_colour(typed::colour());
    let told = about::told(Cli::command()).try_get_matches();
    let cli = match told.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => {
            let status = if error.use_stderr() { 2 } else { 0 };
            if let Some(error) = typed::no_verb(&Cli::command()).filter(|_| status == 2) {
                error.print();
            } else {
                mistyped(error).map_or_else(note, |error| drop(error.print()));
            }
            return ExitCode::from(status);
        }
    };
    let tells = cli.verb.as_ref().is_none_or(Verb::tells_by_its_status);
    spawn::outlive_limit_of_files();
    let may = spawn::enough_descriptors(spawn::FEWEST_DESCRIPTORS).map_err(CommandError::from);
    match may.and_then(|()| dispatch(cli)) {
        Ok(status) => ExitCode::from(status as u8),
        // Whoever reads a page has had enough of it; of anything else that was not told to its end nobody may take it
        // that all is well.
        Err(error) if error.is_closed_pipe() && !tells => ExitCode::SUCCESS,
        Err(error) if error.is_closed_pipe() => {
            error.print();
            ExitCode::from(Status::Interrupted as u8)
        }
        Err(error) => {
            error.print();
            ExitCode::from(error.status() as u8)
        }
    }
}

/// What is said of arguments that can't be taken: it repeats them, made visible. Where they can be taken as they are shown,
/// it is said without colours.
fn mistyped(error: clap::Error) -> Result<clap::Error, String> {
    let typed: Vec<String> = std::env::args_os().map(|a| a.to_string_lossy().into_owned()).collect();
    let shown = typed.iter().map(|a| visible::line(a).into_owned());
    if typed.iter().all(|a| matches!(visible::line(a), Cow::Borrowed(_))) {
        return Ok(error);
    }
    Cli::try_parse_from(shown).map_or_else(Ok, |_| Err(error.render().to_string()))
}

fn dispatch(cli: Cli) -> Result<Status, CommandError> {
    let operator = cli.operator;
    match cli.verb {
        None => open::open(cli.runbook, operator, (&cli.screens, cli.env.as_deref())),
        Some(Verb::New(args)) => new::new(&args),
        Some(Verb::Init(args)) => init::init(&args, operator),
        Some(Verb::Plan(args)) => plan::plan(&args),
        Some(Verb::Check(args)) => check::check(&args),
        Some(Verb::Config(args)) => config::config(&args, operator),
        Some(Verb::Doctor(args)) => doctor::doctor(&args, operator),
        Some(Verb::Lock(args)) => lock::lock(&args, operator),
        Some(Verb::Run(args)) => run::run(args, operator),
        Some(Verb::List(args)) => list::list(&args),
        Some(Verb::Runs(args)) => runs::runs(&args),
        Some(Verb::Status(args)) => runs::status(&args),
        Some(Verb::Attach(args)) => open::attach_to(&args, operator),
        Some(Verb::Resume(args)) => run::resume(args, operator),
        Some(Verb::Runner(args)) => processes::runner(&args),
        Some(Verb::Shim(args)) => processes::shim(&args),
        Some(Verb::Rehearse(args)) => rehearse::rehearse(&args, operator),
        Some(Verb::Rollback(args)) => rollback::rollback(&args, operator),
        Some(Verb::Stop(args)) => stop::stop(&args, operator),
        Some(Verb::Output(args)) => runs::output(&args),
        Some(Verb::Log(args)) => log::log(&args),
        Some(Verb::Redline(args)) => redline::redline(&args),
        Some(Verb::Export(args)) => export::export(&args),
        Some(Verb::Sign(args)) => sign::sign(&args, operator),
        Some(Verb::Verify(args)) => verify::verify(&args),
        Some(Verb::Prune(args)) => prune::prune(&args, operator),
        Some(Verb::Store(verb)) => store::store(&verb),
        Some(Verb::Monitor(args)) => monitor::monitor(&args, operator),
        Some(Verb::Messages(verb)) => messages::messages(&verb, operator),
        Some(Verb::Demo(args)) => demo::demo(&args, operator),
        Some(Verb::Completions(args)) => completions::completions(&args),
        Some(Verb::Man(args)) => man::man(&args),
        Some(Verb::DemoService(args)) => demo::service(args),
    }
}
