//! What `gonogo demo` deploys: a sandbox with a git repository of two releases, and their service.

pub mod sandbox;
pub mod service;
