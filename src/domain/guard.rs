//! The patient-identifier guard: this board holds counts, never patients.
//!
//! NHS numbers (England, Wales, Isle of Man; Northern Ireland's Health and Care number shares the
//! scheme) and Scottish CHI numbers, by checksum and issued range (NHS Data Dictionary). The
//! reserved test range 999 000 0000 – 999 999 9999 is never issued and passes.

/// Something in a text that looks like a patient's detail. It never holds the text itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Concern {
    /// An NHS or Health and Care number that may have been issued.
    NhsNumber,
    /// A CHI number with a possible birth date.
    ChiNumber,
    /// Ten digits with a right checksum, outside the issued ranges.
    TenDigits,
    /// A date that reads like a date of birth.
    BirthDate,
    /// A title with a surname.
    TitledName,
    /// A postcode.
    Postcode,
    /// A letter with six or seven digits, as hospital numbers are written.
    HospitalNumber,
}

impl Concern {
    /// Whether it stops the text; the others warn.
    pub fn blocks(self) -> bool {
        matches!(self, Self::NhsNumber | Self::ChiNumber)
    }

    /// What is said about it.
    pub fn words(self) -> &'static str {
        match self {
            Self::NhsNumber => "This looks like an NHS number.",
            Self::ChiNumber => "This looks like a CHI number.",
            Self::TenDigits => "These ten digits could be a patient's number.",
            Self::BirthDate => "This could be a date of birth.",
            Self::TitledName => "This could be somebody's name.",
            Self::Postcode => "This could be a postcode.",
            Self::HospitalNumber => "This could be a hospital number.",
        }
    }
}

/// What in `text` looks like a patient's detail, each sort once.
pub fn scan(text: &str) -> Vec<Concern> {
    let mut found = Vec::new();
    // Without a digit or a title there is nothing to find: most notes leave here.
    if text.bytes().any(|byte| !byte.is_ascii()) || text.bytes().any(|byte| byte.is_ascii_digit()) {
        found.extend(numbers(text));
        found.extend(words_with_digits(text));
    }
    if has_titled_name(text) {
        found.push(Concern::TitledName);
    }
    let mut seen = Vec::new();
    found.retain(|concern| {
        !seen.contains(concern) && {
            seen.push(*concern);
            true
        }
    });
    found
}

/// Ten-digit groups: digits that only spaces, hyphens, dots or the like part, ten in all, and not
/// part of a longer run of digits.
fn numbers(text: &str) -> Vec<Concern> {
    let mut found = Vec::new();
    let mut digits: Vec<u8> = Vec::new();
    // Where each unbroken group of digits starts within `digits`.
    let mut groups: Vec<usize> = Vec::new();
    let mut gap = 1_usize;
    for letter in text.chars().chain(['\n', '\n', '\n']) {
        if let Some(digit) = decimal(letter) {
            if gap > 0 {
                groups.push(digits.len());
            }
            digits.push(digit);
            gap = 0;
        } else if is_separator(letter) && gap < 2 && !digits.is_empty() {
            gap += 1;
        } else if !digits.is_empty() {
            found.extend(judge_groups(&digits, &groups));
            digits.clear();
            groups.clear();
            gap = 1;
        }
    }
    found
}

/// Every stretch of whole groups that comes to ten digits.
fn judge_groups(digits: &[u8], groups: &[usize]) -> Vec<Concern> {
    let mut found = Vec::new();
    for (index, from) in groups.iter().enumerate() {
        let ends = groups[index + 1..].iter().copied().chain([digits.len()]);
        for to in ends {
            if to - from == 10 {
                found.extend(judge(&digits[*from..to]));
            }
        }
    }
    found
}

fn decimal(letter: char) -> Option<u8> {
    // Full-width digits are typed by some input methods and read the same.
    match letter {
        '0'..='9' => Some(letter as u8 - b'0'),
        '０'..='９' => u8::try_from(letter as u32 - '０' as u32).ok(),
        _ => None,
    }
}

fn is_separator(letter: char) -> bool {
    matches!(letter, ' ' | '-' | '.' | '_' | '/' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '\u{2010}'..='\u{2015}')
}

fn judge(digits: &[u8]) -> Option<Concern> {
    let number = digits.iter().fold(0_u64, |number, digit| number * 10 + u64::from(*digit));
    if !checksum_holds(digits) || (9_990_000_000..=9_999_999_999).contains(&number) {
        return None;
    }
    if (3_000_000_000..=4_999_999_999).contains(&number) && !is_chi(digits, number)
        || (6_000_000_000..=7_999_999_999).contains(&number)
    {
        return Some(Concern::NhsNumber);
    }
    if is_chi(digits, number) {
        return Some(Concern::ChiNumber);
    }
    Some(Concern::TenDigits)
}

/// Modulus 11 over the first nine digits with weights 10 to 2; a check digit of 10 does not exist.
fn checksum_holds(digits: &[u8]) -> bool {
    let sum: u32 = digits.iter().take(9).zip((2..=10).rev()).map(|(digit, weight)| u32::from(*digit) * weight).sum();
    let check = (11 - sum % 11) % 11;
    check != 10 && digits.get(9).is_some_and(|last| u32::from(*last) == check)
}

/// A CHI number starts with a birth date, day first.
fn is_chi(digits: &[u8], number: u64) -> bool {
    let two = |at: usize| u32::from(digits[at]) * 10 + u32::from(digits[at + 1]);
    let (day, month, year) = (two(0), two(2), two(4));
    // A year of two digits may be of either century: 29 February needs one of them to leap.
    let exists = |century| {
        i32::try_from(century + year).ok().and_then(|year| chrono::NaiveDate::from_ymd_opt(year, month, day)).is_some()
    };
    (101_000_000..=3_112_999_999).contains(&number) && (exists(1900) || exists(2000))
}

fn has_titled_name(text: &str) -> bool {
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let title = word.trim_matches(|letter: char| !letter.is_alphanumeric());
        if matches!(title, "Mr" | "Mrs" | "Ms" | "Miss" | "MR" | "MRS" | "MS")
            && words.peek().is_some_and(|next| next.chars().next().is_some_and(char::is_uppercase))
        {
            return true;
        }
    }
    false
}

fn words_with_digits(text: &str) -> Vec<Concern> {
    let words: Vec<&str> = text
        .split(|letter: char| letter.is_whitespace() || ",;()".contains(letter))
        .filter(|word| !word.is_empty())
        .collect();
    let mut found = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let word = word.trim_matches('.');
        if is_birth_date(word) {
            found.push(Concern::BirthDate);
        }
        if is_hospital_number(word) {
            found.push(Concern::HospitalNumber);
        }
        let inward = words.get(index + 1).copied().unwrap_or("");
        if is_postcode(word, inward) {
            found.push(Concern::Postcode);
        }
    }
    found
}

/// A date day first whose year has four digits and lies long enough back to be somebody's birth:
/// before 2011, which a fixed year states without asking for today.
fn is_birth_date(word: &str) -> bool {
    let parts: Vec<&str> = word.split(['/', '-', '.']).collect();
    let [day, month, year] = parts[..] else { return false };
    let number = |text: &str| text.parse::<i32>().ok();
    let (Some(day), Some(month), Some(year)) = (number(day), number(month), number(year)) else { return false };
    (1..=31).contains(&day) && (1..=12).contains(&month) && (1900..=2010).contains(&year)
}

fn is_hospital_number(word: &str) -> bool {
    let mut letters = word.chars();
    let first = letters.next().is_some_and(|letter| letter.is_ascii_alphabetic());
    let rest = letters.as_str();
    first && (6..=7).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_digit())
}

/// The outward and inward halves of a postcode ("LS9 7TF").
fn is_postcode(outward: &str, inward: &str) -> bool {
    let inward = inward.trim_end_matches('.').as_bytes();
    let inward_fits = inward.len() == 3
        && inward[0].is_ascii_digit()
        && inward[1].is_ascii_uppercase()
        && inward[2].is_ascii_uppercase();
    let outward = outward.as_bytes();
    let area = outward.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    inward_fits
        && (1..=2).contains(&area)
        && (area + 1..=area + 2).contains(&outward.len())
        && outward[area].is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The check digit of nine digits, where one exists.
    fn completed(nine: u64) -> Option<u64> {
        let digits: Vec<u8> = format!("{nine:09}").bytes().map(|byte| byte - b'0').collect();
        let sum: u32 = digits.iter().zip((2..=10).rev()).map(|(digit, weight)| u32::from(*digit) * weight).sum();
        let check = (11 - sum % 11) % 11;
        (check != 10).then(|| nine * 10 + u64::from(check))
    }

    #[test]
    fn numbers_of_the_reserved_test_range_pass() {
        for nine in (999_000_000..999_999_999).step_by(99_991) {
            if let Some(number) = completed(nine) {
                assert_eq!(scan(&format!("{number}")), [], "{number}");
            }
        }
    }

    #[test]
    fn issued_numbers_are_stopped_however_they_are_parted() {
        for nine in [401_023_213_u64, 450_557_710, 612_345_678, 799_999_990] {
            let Some(number) = completed(nine) else { continue };
            let digits = number.to_string();
            for written in [
                digits.clone(),
                format!("{} {} {}", &digits[..3], &digits[3..6], &digits[6..]),
                format!("{}-{}-{}", &digits[..3], &digits[3..6], &digits[6..]),
                format!("patient {digits}, bay 2"),
                format!("bay 2 {} {} {}", &digits[..3], &digits[3..6], &digits[6..]),
            ] {
                assert_eq!(scan(&written), [Concern::NhsNumber], "{written}");
            }
        }
    }

    #[test]
    fn a_chi_number_with_a_possible_birth_date_is_stopped() {
        let number = (110_100_000..).find_map(|nine: u64| {
            completed(nine).filter(|number| {
                is_chi(&format!("{number:010}").bytes().map(|b| b - b'0').collect::<Vec<_>>(), *number)
            })
        });
        let number = number.unwrap();
        assert_eq!(scan(&format!("{number:010}")), [Concern::ChiNumber]);
    }

    #[test]
    fn other_numbers_pass() {
        for text in
            ["1234567890", "bed 12, 3 of 30", "01134960000", "2026-11-20", "18/20", "99912345670", "bleep 4010232138"]
        {
            assert!(!scan(text).iter().any(|concern| concern.blocks()), "{text}");
        }
    }

    #[test]
    fn doubtful_details_warn() {
        assert_eq!(scan("Mrs Example fell"), [Concern::TitledName]);
        assert_eq!(scan("born 03/04/1941"), [Concern::BirthDate]);
        assert_eq!(scan("from LS9 7TF"), [Concern::Postcode]);
        assert_eq!(scan("notes K123456"), [Concern::HospitalNumber]);
        assert_eq!(scan("moved 3 beds on 14/11/2026"), []);
    }
}
