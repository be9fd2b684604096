"""The command line as Windows keeps it, one text, split into arguments as C programs get them."""


def split_command_line(text: str) -> list[str]:
    """Arguments by the rules of CommandLineToArgvW; ``[]`` for no text.

    The program's name ends at the next quote or blank, and knows no backslashes. Elsewhere ``2n``
    backslashes and a quote are ``n`` and a quote of the grammar, ``2n + 1`` are ``n`` and a plain quote;
    two quotes inside quotes are a plain one."""
    if not text:
        return []
    if text[0] == '"':
        program, _, rest = text[1:].partition('"')
    else:
        end = next((place for place, letter in enumerate(text) if letter <= " "), len(text))
        program, rest = text[:end], text[end + 1 :]
    return [program, *_arguments(rest.lstrip(" \t"))]


def _arguments(text: str) -> list[str]:
    found: list[str] = []
    word: list[str] = []
    quotes = backslashes = 0
    place, started = 0, bool(text)
    while place < len(text):
        letter = text[place]
        place += 1
        if letter in " \t" and not quotes:
            found.append("".join(word))
            word, backslashes = [], 0
            while place < len(text) and text[place] in " \t":
                place += 1
            started = place < len(text)
        elif letter == "\\":
            word.append(letter)
            backslashes += 1
        elif letter == '"':
            if backslashes:
                del word[len(word) - (backslashes + 1) // 2 :]
            if backslashes % 2:
                word.append('"')
            else:
                quotes += 1
            backslashes = 0
            while place < len(text) and text[place] == '"':
                quotes += 1
                place += 1
                if quotes == 3:
                    word.append('"')
                    quotes = 0
            if quotes == 2:
                quotes = 0
        else:
            word.append(letter)
            backslashes = 0
    if started:
        found.append("".join(word))
    return found
