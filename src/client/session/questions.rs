//! Questions that change nothing in the run, or the same however often they come: they are asked again of the next
//! runner when one ends before it answers.

use std::time::Duration;

use super::error::SessionError;
use super::news::{Session, Step};
use super::observer::Observer;
use crate::protocol::{OutputPage, OutputQuery, ToClient, ToRunner, ToSign};
use crate::run::rollback::Found;
use crate::run::{Refusal, SignRole};
use crate::runbook::CommandId;

/// How long an answer may take that needs no looking anywhere else.
const TO_LOOK: Duration = Duration::from_mins(1);

/// An answer, or that the runner gave none in time. What else goes wrong ends what the session was asked to do.
type Told<T, O> = Result<Result<T, SessionError>, <O as Observer>::Error>;

impl Session {
    /// A part of a command's output, or why it can't be had.
    pub async fn read_output<O: Observer>(
        &mut self,
        query: OutputQuery,
        observer: &mut O,
    ) -> Told<Result<Box<OutputPage>, String>, O> {
        let wanted = self.next_number();
        let question = ToRunner::Read { number: wanted, query: Box::new(query) };
        let answer = |update| match update {
            ToClient::Page { number, page, .. } if number == wanted => Some(page),
            _ => None,
        };
        self.inquire("read output", question, answer, observer).await
    }

    /// What a command's words stand for in its shell.
    pub async fn evaluate<O: Observer>(
        &mut self,
        command: &CommandId,
        observer: &mut O,
    ) -> Told<Vec<String>, O> {
        let question = ToRunner::Evaluate(command.clone());
        let answer = |update| match update {
            ToClient::Evaluated { command: of, target } if of == *command => Some(target),
            _ => None,
        };
        self.inquire("evaluate", question, answer, observer).await
    }

    /// What is there to go back with.
    pub async fn look_back<O: Observer>(&mut self, observer: &mut O) -> Told<Box<Found>, O> {
        let answer = |update| match update {
            ToClient::Found(found) => Some(found),
            _ => None,
        };
        self.inquire("look back", ToRunner::LookBack, answer, observer).await
    }

    /// What somebody is about to sign, or why they may not.
    pub async fn prepare_sign_off<O: Observer>(
        &mut self,
        (role, name): (SignRole, &str),
        keyed: bool,
        observer: &mut O,
    ) -> Told<Result<ToSign, Refusal>, O> {
        let question = ToRunner::PrepareSignOff { role, name: name.to_owned(), keyed };
        let answer = |update| match update {
            ToClient::ToSign(to_sign) => Some(*to_sign),
            _ => None,
        };
        self.inquire("prepare a sign-off", question, answer, observer).await
    }

    /// Gives the shells a secret value, and waits until the record has that it was given; or why it is not taken.
    pub async fn tell_secret<O: Observer>(
        &mut self,
        name: &str,
        value: String,
        observer: &mut O,
    ) -> Told<Result<(), Refusal>, O> {
        let question = ToRunner::Secret { name: name.to_owned(), value };
        let answer = |update| match update {
            // It is no request with a number of its own.
            ToClient::Answered { number: 0, refused } => Some(refused.map_or(Ok(()), Err)),
            _ => None,
        };
        self.inquire("take a secret", question, answer, observer).await
    }

    /// Asks for control where somebody else has it, or had it last and is not there.
    pub async fn take_control<O: Observer>(&mut self, observer: &mut O) -> Told<(), O> {
        if self.control().yours {
            return Ok(Ok(()));
        }
        let answer = |update| match update {
            ToClient::Control(control) => control.yours.then_some(()),
            _ => None,
        };
        self.inquire("give control", ToRunner::TakeControl, answer, observer).await
    }

    /// Asks, and waits for what answers it.
    async fn inquire<T, O: Observer>(
        &mut self,
        asked: &str,
        question: ToRunner,
        answer: impl Fn(ToClient) -> Option<T>,
        observer: &mut O,
    ) -> Told<T, O> {
        loop {
            self.send(question.clone());
            let deadline = tokio::time::Instant::now() + TO_LOOK;
            loop {
                match self.step(Some(deadline), observer).await? {
                    Step::Told(update) => {
                        if let Some(told) = answer(*update) {
                            self.has_answered();
                            return Ok(Ok(told));
                        }
                    }
                    Step::Rejoined(_) => break,
                    Step::TooLate => return Ok(Err(self.silent(asked, TO_LOOK))),
                }
            }
        }
    }
}
