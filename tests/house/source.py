"""Reads C++ as far as the house's rules need it: what stands in which namespace, which functions there
are, how long each is. It follows braces, not the grammar; the sources are formatted by clang-format."""

import dataclasses
import functools
import pathlib
import re

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
LITERAL = re.compile(
    r'//[^\n]*|/\*.*?\*/'
    r'|R"(?P<mark>[^(\s]*)\(.*?\)(?P=mark)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])+'",
    re.DOTALL)
PREPROCESSOR = re.compile(r"^[ \t]*#(?:\\\n|[^\n])*", re.MULTILINE)
TYPE = re.compile(r"\b(?:class|struct|union|enum(?:\s+(?:class|struct))?)\s+"
                  r"(?:\[\[[^]]*\]\]\s*)?(?P<name>[A-Za-z_][\w:]*(?:<.*>)?)\s*(?:final\b\s*)?(?::(?!:)|$)")


@dataclasses.dataclass(frozen=True)
class Type:
    file: str
    line: int
    name: str       # "districtd::extract::Row"
    is_local: bool  # to its file, in an anonymous namespace


@dataclasses.dataclass(frozen=True)
class Function:
    file: str
    line: int
    name: str           # as it is written: "Courier::run"
    parameters: tuple   # their types: ("const std::string&", "int")
    lines: int          # of the body, braces included
    is_local: bool      # to its file
    is_member: bool     # defined in the class, or with "Class::" before its name


def plain(text):
    """The text with comments, literals and preprocessor lines blanked, line for line."""
    def blank(found):
        word = found[0]
        filler = "\n" * word.count("\n")
        return filler if word[0] == "/" else '""' + filler
    text = LITERAL.sub(blank, text)
    return PREPROCESSOR.sub(lambda found: "\n" * found[0].count("\n"), text)


def without_templates(head):
    """Without "template <...>" and "requires ..." of a template before what is declared."""
    while (found := re.match(r"\s*template\s*<", head)) is not None:
        depth, at = 1, found.end()
        while at < len(head) and depth:
            depth += {"<": 1, ">": -1}.get(head[at], 0)
            at += 1
        head = head[at:]
    return head


def top_level(text, wanted):
    """Where one of the characters `wanted` stands outside of (), [], {} and <>, or -1."""
    depth = 0
    for at, character in enumerate(text):
        if depth == 0 and character in wanted:
            return at
        if character in "([{<":
            depth += 1
        elif character in ")]}" or (character == ">" and text[at - 1:at] != "-"):
            depth -= 1
    return -1


def split(text):
    """The parts of a parameter list."""
    parts = []
    while text.strip():
        comma = top_level(text, ",")
        parts.append(text if comma < 0 else text[:comma])
        text = "" if comma < 0 else text[comma + 1:]
    return parts


def parameter_type(text):
    assigned = top_level(text, "=")
    text = " ".join((text if assigned < 0 else text[:assigned]).split())
    found = re.fullmatch(r"(.*[\w>&*\]])[ &*]+?([A-Za-z_]\w*)", text)
    is_type_alone = found and (found[1] == "const" or found[2] in ("int", "long", "short", "char"))
    return text[:found.start(2)].strip() if found and not is_type_alone else text


def signature(head):
    """(name, parameter types) of a function whose body begins after `head`, or None."""
    head = re.sub(r"\[\[[^]]*\]\]", " ", without_templates(head))
    head = re.sub(r"\b[A-Z][A-Z_]+\s*\([^()]*\)", lambda found: "" if not re.match(
        r"(TEST|BENCHMARK|MATCHER|INSTANTIATE|TYPED)", found[0]) else found[0], head)
    head = re.sub(r"\boperator\s*(\(\)|\[\]|[^\s\w(]+|\"\"\s*\w+)", "operator_", head)
    opening = top_level(head, "(")
    if opening < 0:
        return None
    before = head[:opening]
    if top_level(before, "=") >= 0:
        return None
    name = re.search(r"(~?[A-Za-z_]\w*(?:<[^()]*>)?(?:::~?[A-Za-z_]\w*)*)\s*$", before)
    if name is None or name[1] in ("if", "for", "while", "switch", "catch", "decltype", "alignas"):
        return None
    depth = 0
    for at in range(opening, len(head)):
        depth += {"(": 1, ")": -1}.get(head[at], 0)
        if depth == 0:
            return name[1], tuple(parameter_type(one) for one in split(head[opening + 1:at]))
    return None


def begins_member(head):
    """Whether "{" after `head` begins a member's value in a constructor's list: "A() : a_{"."""
    return bool(re.search(r"\)[^()]*?(?<!:):(?!:)", head)) and bool(re.search(r"[\w>]\s*$", head)) \
        and not re.search(r"\b(const|noexcept|override|final)\s*$", head)


@functools.lru_cache(maxsize=None)
def read(file):
    """([Type], [Function]) of a file, named from the repository's root."""
    return parse(file, (REPOSITORY / file).read_text())


def parse(file, text):
    """([Type], [Function]) of the text of a file."""
    text = plain(text)
    types, functions = [], []
    scopes = []  # (kind, name, what the head was, line, index of a function)
    head, head_line, line, parentheses = "", 1, 1, 0
    for character in text:
        if character == "\n":
            line += 1
        if not head.strip():
            head_line = line
        if character in "([":
            parentheses += 1
        elif character in ")]":
            parentheses -= 1
        if character == "{":
            scope = opened(file, head, head_line, line, scopes, parentheses, types, functions)
            scopes.append((*scope, head, line, parentheses))
            head, parentheses = "", 0
        elif character == "}":
            if not scopes:
                raise ValueError(f"{file}:{line}: a brace closes what was not opened")
            kind, _, before, began, parentheses = scopes.pop()
            if kind == "function":
                functions[-1] = dataclasses.replace(functions[-1], lines=line - began + 1)
            head = before + "{}" if kind == "value" else ""
        elif character == ";" and parentheses == 0:
            head = ""
        else:
            head += character
            if head.strip() in ("public:", "private:", "protected:"):
                head = ""
    if scopes:
        raise ValueError(f"{file}: a brace of line {scopes[-1][3]} is not closed")
    return types, functions


def opened(file, head, head_line, line, scopes, parentheses, types, functions):
    """What a "{" begins: (kind, name)."""
    if parentheses or any(scope[0] in ("function", "value") for scope in scopes):
        return ("value", "")
    namespaces = [scope[1] for scope in scopes]
    is_local = any(scope[0] == "namespace" and not scope[1] for scope in scopes)
    space = re.search(r"\bnamespace\b\s*([\w:]*)\s*$", head)
    if space:
        return ("namespace", space[1])
    if re.search(r'\bextern\s*""\s*$', head):
        return ("namespace", "extern C")
    bare = re.sub(r"\b(?:[A-Z][A-Z_]+|alignas)\s*\([^()]*\)", "", without_templates(head)).strip()
    found = TYPE.search(bare)
    if found and "(" not in bare[:found.end()] and "=" not in bare[:found.start()]:
        if not any(scope[0] == "type" for scope in scopes):
            name = "::".join([*filter(None, namespaces), found["name"]])
            types.append(Type(file, head_line, name, is_local))
        return ("type", found["name"])
    if begins_member(head):
        return ("value", "")
    what = signature(head)
    if what is None:
        return ("value", "")
    is_static = re.search(r"^\s*(?:\w+\s+)*?static\b", without_templates(head)) is not None
    is_member = any(scope[0] == "type" for scope in scopes) or "::" in what[0]
    functions.append(Function(file, head_line, what[0], what[1], 0,
                              is_local or (is_static and not is_member), is_member))
    return ("function", what[0])


def files(*folders, suffixes=(".h", ".cpp")):
    """The C++ files of these folders, as paths from the repository's root."""
    return sorted(str(path.relative_to(REPOSITORY)) for folder in folders
                  for path in (REPOSITORY / folder).rglob("*") if path.suffix in suffixes)
