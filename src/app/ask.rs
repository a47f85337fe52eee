//! Questions over the screen: forms, lists to choose from, one line to type. A pane says what is
//! asked and what an answer means; how it is drawn and typed is not its business.

use uuid::Uuid;

use crate::base::error::Outcome;
use crate::domain::MeasureId;
use crate::domain::record::Kind;

use super::effect::Effect;
use super::log::About;
use super::model::Model;

/// What an answer leads to; it is asked again with the failure under the field where it refuses.
pub type Then = Box<dyn Fn(&[String], &Model) -> Outcome<Vec<Effect>>>;

/// A question over the screen.
pub enum Ask {
    /// Quick entry, for the selected measure where no name is typed.
    QuickEntry(Option<MeasureId>),
    /// The round through everything that is due.
    Round,
    /// A form of several fields.
    Form(Form),
    /// A form whose first field is mostly enough: Enter saves it from any field, Tab goes on.
    Quick(Form),
    /// A form of a record that is there, which others may change while it is open.
    Living(Living),
    /// One of a list.
    Choose(Choose),
    /// A question in a few sentences, with a few answers.
    Question(Question),
    /// What two people set unseen.
    Conflicts,
    /// Lines to read.
    Read(Reading),
    /// Who did what: the history of a record, or the log of the team.
    Log(Option<About>),
    /// Every action by name.
    Palette,
    /// The safety cross of a harm.
    Cross(MeasureId),
    /// The keys of this screen.
    Help,
    /// The team of a new file.
    Welcome,
}

/// A form of several fields.
pub struct Form {
    /// What is made or edited.
    pub title: String,
    /// Its fields.
    pub fields: Vec<FormField>,
    /// What saving it leads to; the answers are in the order of the fields.
    pub then: Then,
}

/// A form of a record that others may change while it is open.
pub struct Living {
    /// The form as it is at first.
    pub form: Form,
    /// What kind of record it edits.
    pub kind: Kind,
    /// Which one.
    pub id: Uuid,
    /// The same form for the record as it is now; nothing where that is gone.
    pub again: Again,
}

/// Makes a form anew of what the screen knows now.
pub type Again = Box<dyn Fn(&Model) -> Option<Form>>;

/// A field of a form.
pub struct FormField {
    /// The name by which a failure points at it.
    pub name: &'static str,
    /// What stands before it.
    pub label: &'static str,
    /// What belongs there, shown while it is being typed.
    pub help: &'static str,
    /// What it takes.
    pub input: Input,
    /// What stands in it at first.
    pub value: String,
    /// What is known of this field here and now, shown with the help.
    pub note: String,
}

/// What a field takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// One line.
    Line,
    /// One line that is selected at first: the first letter typed replaces it.
    Selected,
    /// Several lines; the editor can be used.
    Lines,
    /// One of these: what is stored, and what is shown.
    One(Vec<(String, String)>),
    /// Any number of these words, each with the digit of its place; the answer parts them with commas.
    Some(Vec<&'static str>),
    /// Nothing: it is shown and cannot be changed, with the reason why.
    Locked(&'static str),
}

/// A list to choose one of.
pub struct Choose {
    /// What is chosen.
    pub title: String,
    /// What is stored, and what is shown.
    pub options: Vec<(String, String)>,
    /// Which one is marked at first.
    pub marked: usize,
    /// Whether something else can be typed.
    pub free: bool,
    /// What the choice leads to; one answer.
    pub then: Then,
}

/// A question in a few sentences, with a few answers.
pub struct Question {
    /// What it is about.
    pub title: String,
    /// What one must know to answer.
    pub words: String,
    /// The answers, the likeliest first: each is chosen by its number, too.
    pub answers: Vec<Answer>,
    /// Whether it comes while somebody is doing something else: then the first key is not taken for
    /// an answer.
    pub sudden: bool,
}

/// One answer to a question.
pub struct Answer {
    /// In two or three words.
    pub words: String,
    /// What follows from it.
    pub about: String,
    /// What it leads to.
    pub then: Box<dyn Fn() -> Vec<Effect>>,
}

/// Lines to read.
pub struct Reading {
    /// What it is.
    pub title: String,
    /// The lines.
    pub lines: Vec<String>,
}

impl FormField {
    /// A field of one line.
    pub fn line(name: &'static str, label: &'static str, value: impl Into<String>, help: &'static str) -> Self {
        Self { name, label, help, input: Input::Line, value: value.into(), note: String::new() }
    }

    /// A field of several lines.
    pub fn lines(name: &'static str, label: &'static str, value: impl Into<String>, help: &'static str) -> Self {
        Self { name, label, help, input: Input::Lines, value: value.into(), note: String::new() }
    }

    /// A field with a fixed set of answers.
    pub fn one(
        name: &'static str,
        label: &'static str,
        value: impl Into<String>,
        options: Vec<(String, String)>,
        help: &'static str,
    ) -> Self {
        Self { name, label, help, input: Input::One(options), value: value.into(), note: String::new() }
    }

    /// A field of which any number of words can be chosen.
    pub fn some(
        name: &'static str,
        label: &'static str,
        value: impl Into<String>,
        words: &[&'static str],
        help: &'static str,
    ) -> Self {
        Self { name, label, help, input: Input::Some(words.to_vec()), value: value.into(), note: String::new() }
    }

    /// The same field with something that is known of it here and now.
    #[must_use]
    pub fn noting(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// A field that can only be read.
    pub fn locked(name: &'static str, label: &'static str, value: impl Into<String>, why: &'static str) -> Self {
        Self { name, label, help: why, input: Input::Locked(why), value: value.into(), note: String::new() }
    }
}

impl Ask {
    /// The form of a record that is there, and how it is made anew of what the screen knows then.
    pub fn living(kind: Kind, id: Uuid, form: Form, again: impl Fn(&Model) -> Option<Form> + 'static) -> Self {
        Self::Living(Living { form, kind, id, again: Box::new(again) })
    }
}

impl Form {
    /// The same form with something that is known of its first field here and now.
    #[must_use]
    pub fn noting(mut self, note: &str) -> Self {
        if let Some(field) = self.fields.first_mut() {
            note.clone_into(&mut field.note);
        }
        self
    }

    /// A form of a single line.
    pub fn prompt(
        title: impl Into<String>,
        label: &'static str,
        value: impl Into<String>,
        help: &'static str,
        then: impl Fn(&str, &Model) -> Outcome<Vec<Effect>> + 'static,
    ) -> Ask {
        Ask::Form(Self {
            title: title.into(),
            fields: vec![FormField { input: Input::Selected, ..FormField::line("text", label, value, help) }],
            then: Box::new(move |answers, model| then(answers.first().map_or("", String::as_str), model)),
        })
    }
}
