"""Words that no text of ours uses, in each language that Fallow speaks (PROMISES S5 and K2, DESIGN 6)."""

import re

from backend.languages import Language

# what only a diagnosis says, and words that DESIGN 6 replaces
REFUSED: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:ab)?normal(?:ly)?\b|\bredness\b|\binfected\b|\berythema|\bindicates\b|\bexudate"
        r"|(?<!\bif )\byou(?:['’]ve| have)\b(?! (?:a new message|an appointment))"
        r"|\b(?:is|are|be|has) (?:an? )?(?:infection|allergy|sepsis|cellulitis)\b|(?<!not a )\bdiagnos(?:is|ed|e|es)\b",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"normal|enrojec|rojez|eritema|infectad|(?<!significar una )infecci[oó]n|diagnostic|padece|indica que|exudad",
        re.IGNORECASE,
    ),
    "ar": re.compile(r"طبيعي|احمرار|مصاب|(?<!يعني )عدوى|التهاب|نشخّص|شُخّص|يدل على|إفراز"),
}

# what a bystander must not read on a locked screen, in a title or in a mail's subject
BYSTANDER: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"hair|scalp|tattoo|pigment|removal|laser|saline|\bundo\b|scab|regret|\bskin|\bscar|heal|blood|redness|normal"
        r"|clinic|aftercare",
        re.I,
    ),
    "es": re.compile(
        r"pelo|cabell|cuero|tatuaj|pigment|elimina|borrad|l[áa]ser|salin|deshac|undo\b|costra|arrepent|piel|cicatri"
        r"|cura\b|sangre|rojez|normal|mascarill|quem",
        re.I,
    ),
    "ar": re.compile(
        r"(?<!ت)شعر|فروة|وشم|صبغ|إزالة|ليزر|ملحي|محلول|تراجع|قشر|قشور|ندم|ندب|جلد|بشرة|شفاء|تعافي|(?<!\w)دم(?!\w)|احمرار|طبيعي|قناع|حرق"
    ),
}
