//! One text made of several: all of them in one field, with a line over each that says whose it is.

use super::view::whose;
use crate::app::ask::{Form, FormField};
use crate::app::conflict::{Clash, Keep, Side};
use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::base::error::Failure;

/// The form in which the text is made.
pub(super) fn form(clash: &Clash, model: &Model) -> Form {
    let rules: Vec<String> = clash.sides.iter().map(|side| rule(side, model)).collect();
    let code = clash.code.clone();
    Form {
        title: format!("One text for {} · {}", clash.what, clash.field),
        fields: vec![FormField::lines(
            "text",
            "Text",
            start(clash, model),
            "Take out what should go. The lines that say whose it is go by themselves. Ctrl-e opens your editor.",
        )],
        then: Box::new(move |answers, _| {
            let merged = without(answers.first().map_or("", String::as_str), &rules);
            if merged.is_empty() {
                return Err(Failure::refused("Nothing is left of the texts.")
                    .at("text")
                    .hint("Write what should stand there, or leave and keep one of them."));
            }
            Ok(vec![Effect::Settle { clash: code.clone(), keep: Keep::Merged(merged) }])
        }),
    }
}

/// What stands in the form at first.
pub(super) fn start(clash: &Clash, model: &Model) -> String {
    let parts: Vec<String> = clash.sides.iter().map(|side| format!("{}\n{}", rule(side, model), side.words)).collect();
    parts.join("\n\n")
}

fn rule(side: &Side, model: &Model) -> String {
    format!("---- {} ----", whose(side, model))
}

/// The text without the lines that say whose it is.
fn without(text: &str, rules: &[String]) -> String {
    let kept: Vec<&str> =
        text.lines().filter(|line| !rules.iter().any(|rule| rule == line.trim())).map(str::trim_end).collect();
    kept.join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_say_whose_it_is_go_and_every_other_stays() {
        let rules = ["---- nurse, today 09:02 ----".to_owned()];
        let text = "---- nurse, today 09:02 ----\n4 of 60\n\n---- mine ----\nnights forgot \n";
        assert_eq!(without(text, &rules), "4 of 60\n\n---- mine ----\nnights forgot");
    }
}
