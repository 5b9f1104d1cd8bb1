"""What the house's rules let pass, each with the reason. An entry that nothing needs any more is a
failure too: take it out."""

LONGEST_FUNCTION = 70  # lines of the body, braces included

# (file, function): why it is one function.
LONG_FUNCTIONS = {
    ("daemon/main.cpp", "main"):
        "the command line as one declaration: the options of each command, in the order of --help",
    ("daemon/extract/targets/numbers.cpp", "take_group"):
        "a cascade of readings tried in order, the first that fits wins: the order is the rule",
    ("daemon/extract/reading/quantities.cpp", "read"):
        "a cascade of readings tried in order, the first that fits wins: the order is the rule",
    ("daemon/extract/reading/structure.cpp", "read_line"):
        "one case for each kind of line, in the order in which they are told apart",
}

# (name, parameter types): why several .cpp files have a local function of this name.
SAME_NAMES = {
    ("is_digit", ("char",)):
        "one comparison, inlined where every byte of a table goes through it",
    ("reason", ("int",)): "the words of an errno, one line of the standard library",
    ("month_end", ("int", "unsigned")): "one expression of <chrono>, in two rooms without a common use",
    ("month_of", ("Date",)): "a number for a sentence there, a year_month for arithmetic here",
    ("is_address", ("std::string_view",)):
        "Alertmanager's configuration takes other addresses than the bulletins' own mail",
    ("without_controls", ("std::string_view",)):
        "a mail's header has a blank in their place, a draft's text nothing",
    ("read", ("const CollectorTables&",)): "each collector reads its own table, and its entry names it",
    ("number_of", ("std::string_view",)): "the bytes of a character there, a decimal number here",
}

# Qualified name of a type that two files define: why that is no violation of the one definition rule.
SAME_TYPES = {
}

# (file, call): why it does not go through base/ports/.
PAST_THE_PORTS = {
    ("daemon/bulletins/converter.cpp", "::poll"):
        "waits for what a child process prints, which is no time, file or connection of ours",
    ("daemon/log/unblocked_write.cpp", "::poll"):
        "whether the pipe that is standard error has room, which is no time, file or connection of ours",
    ("daemon/http/certificate.cpp", "BIO_new_file"):
        "OpenSSL reads the files of a certificate itself, the chain likewise",
    ("daemon/exporter/process_metrics.cpp", "std::ifstream"):
        "/proc tells about this very process: there is nothing to put in its place",
}
