//! Sign-offs: what is signed is prepared here and checked here, against what is recorded.

use super::super::clients::ClientId;
use super::super::clock::now;
use super::Actor;
use crate::protocol::{ToClient, ToSign};
use crate::record::sign_off::{self, Journaled, Signing};
use crate::record::signed_files;
use crate::run::{Refusal, SignOff, Statement};
use crate::store::{StoreError, chain};

impl Actor {
    /// Tells a client what it is to sign.
    pub(super) fn prepare_sign_off(&mut self, id: ClientId, signing: &Signing) {
        let prepared = if self.recorder.unrecorded.since.is_some() {
            Err(Refusal::NotRecorded(self.recorder.unrecorded.why.clone()))
        } else {
            sign_off::prepare(&self.state, &self.recorder.prev, signing, now())
        };
        let to_sign = prepared.map(|p| ToSign { statement: p.statement.text(), log: p.log });
        self.clients.answer(id, ToClient::ToSign(Box::new(to_sign)));
    }

    /// Whether a sign-off is about this run as it is recorded, and its signature good.
    pub(super) fn check_sign_off(&self, sign_off: &SignOff) -> Result<(), Refusal> {
        let wrong = |why: String| Refusal::WrongStatement(why);
        let before: Vec<SignOff> = self.state.signatures().iter().map(|s| s.as_given.clone()).collect();
        let checked = self.journaled(|journaled| {
            let statement = journaled.check(sign_off, before.last(), now())?;
            journaled.check_log(&statement, sign_off.key.is_some(), &before).map(drop)
        });
        checked.map_err(|e| wrong(e.to_string()))?.map_err(|e| wrong(e.to_string()))
    }

    /// Keeps a sign-off as files, as other programs check it, with the log that was signed. The journal has all that
    /// they say already.
    pub(super) fn keep_sign_off(&mut self, sign_off: &SignOff) {
        let Ok(statement) = Statement::read(&sign_off.statement) else { return };
        let all = self.state.signatures().iter().map(|s| s.as_given.clone());
        let before: Vec<SignOff> = all.take_while(|s| s != sign_off).collect();
        let log =
            self.journaled(|journaled| journaled.covered_log(&statement, sign_off.key.is_some(), &before));
        for (name, text) in signed_files(&self.state, sign_off, &log.unwrap_or_default()) {
            if let Err(error) = self.files.keep(&name, text.as_bytes()) {
                self.clients.tell(&ToClient::Trouble(error.to_string()));
            }
        }
    }

    /// Hands over what the journal says.
    fn journaled<T>(&self, ask: impl FnOnce(&Journaled<'_>) -> T) -> Result<T, StoreError> {
        let lines = self.journaled_lines()?;
        let records = chain::read(&lines)?;
        let hashes: Vec<String> = lines.iter().map(|l| chain::hash(l)).collect();
        let document = self.state.start().map_or("", |(start, _)| &start.sha256);
        let runbook = self.state.runbook_arc();
        Ok(ask(&Journaled { runbook, document, records: &records, hashes: &hashes }))
    }
}
