#!/usr/bin/env python3
"""离线核验台账证明：只用 Python 标准库，不连数据库，也不信任本系统的程序。

    python verify_offline.py PROOF.json --key KEY           一条台账的证明，或两个检查点之间的一致性证明
    python verify_offline.py PAPER.pdf --key KEY [--checkpoints FOLDER] [--original PAGES.pdf]   本系统签发的证书或文书
    python verify_offline.py LEDGER.jsonl --key KEY --checkpoints FOLDER   台账的全部条目（每行一条，原始字节）与检查点

KEY 是登记机关公布的验证公钥（`名称+编号+公钥` 一行，或含此行的文件），须另行取得，不能取自证明本身。
PDF 附有其台账证明：所印内容与台账一致，原版面的字节未变，签名覆盖整个文件。--original 把经证明的原版面另存为文件；
--checkpoints 还要求证明所用的检查点与公布的检查点一致。签发以后的撤销、换发等变更，离线无从得知，请在线查验。
结果为 0：相符；1：不符，并说明原因；2：文件无法读取。

Checks an entry's proof, or a whole export, against signed checkpoints. What is said where: the tree is that of RFC 6962
over the SHA-256 hashes of the entries' canonical bytes; checkpoints are C2SP signed notes with Ed25519 (RFC 8032).
"""

import argparse
import base64
import hashlib
import json
import re
import sys
import unicodedata
import zlib
from pathlib import Path

# --- Ed25519: verification only (RFC 8032, 5.1.7) ---------------------------------------------------
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)


def add(one, two):
    """The sum of two points in extended coordinates (X, Y, Z, T)."""
    a = (one[1] - one[0]) * (two[1] - two[0]) % P
    b = (one[1] + one[0]) * (two[1] + two[0]) % P
    c = 2 * one[3] * two[3] * D % P
    d = 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(scalar, point):
    found = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            found = add(found, point)
        point = add(point, point)
        scalar >>= 1
    return found


def same(one, two):
    return (one[0] * two[2] - two[0] * one[2]) % P == 0 and (one[1] * two[2] - two[1] * one[2]) % P == 0


def x_of(y, sign):
    """The x of a point; None where no point has this y."""
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_1 % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


def point_of(data):
    number = int.from_bytes(data, "little")
    y, sign = number & ((1 << 255) - 1), number >> 255
    x = x_of(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(public, message, signature):
    """Whether `signature` (64 bytes) is that of the public key (32 bytes) on the message."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, first, second = point_of(public), point_of(signature[:32]), int.from_bytes(signature[32:], "little")
    if key is None or first is None or second >= L:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    return same(times(second, BASE), add(first, times(challenge, key)))


# --- signed notes ------------------------------------------------------------------------------------
class Wrong(Exception):
    """不符之处。"""


def key_of(line):
    """(name, public key) of a line `name+id+key`."""
    name, given, encoded = line.strip().split("+", 2)
    data = base64.b64decode(encoded, validate=True)
    if data[:1] != b"\x01" or len(data) != 33:
        raise Wrong("公钥不是 Ed25519 公钥")
    if key_id(name, data[1:]).hex() != given:
        raise Wrong("公钥的编号与公钥不符")
    return name, data[1:]


def key_id(name, public):
    return hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]


def opened(note, key):
    """(size, root) of a checkpoint that is signed with this key."""
    name, public = key
    body, found, signatures = note.partition("\n\n")
    body += "\n"
    lines = body.split("\n")
    if not found or lines[0] != name or len(lines) < 4:
        raise Wrong("检查点的格式或名称不符")
    for line in signatures.splitlines():
        mark, signer, encoded = line.split(" ", 2)
        data = base64.b64decode(encoded, validate=True)
        if mark == "—" and signer == name and data[:4] == key_id(name, public):
            if not is_signed(public, body.encode(), data[4:]):
                raise Wrong("检查点的签名不符")
            return int(lines[1]), base64.b64decode(lines[2], validate=True)
    raise Wrong("检查点没有该公钥的签名")


# --- the tree (RFC 6962, and the algorithms of RFC 9162, 2.1) ----------------------------------------
def sha256(data):
    return hashlib.sha256(data).digest()


def leaf_of(entry_hash):
    return sha256(b"\x00" + entry_hash)


def joined(left, right):
    return sha256(b"\x01" + left + right)


def root_by_inclusion(index, size, leaf, path):
    if not 0 <= index < size:
        raise Wrong("序号不在检查点之内")
    place, last, found = index, size - 1, leaf
    for step in path:
        if last == 0:
            raise Wrong("证明路径过长")
        if place & 1 or place == last:
            found = joined(step, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = joined(found, step)
        place, last = place >> 1, last >> 1
    if last:
        raise Wrong("证明路径过短")
    return found


def check_consistency(old, size, old_root, root, path):
    """Raise Wrong unless the tree of `size` leaves begins with that of `old` leaves."""
    if not 0 < old <= size:
        raise Wrong("检查点的条数不符")
    steps = list(path)
    if roots_of(old, size, steps, old_root) != (old_root, root) or steps:
        raise Wrong("一致性证明不符：较早的检查点不是现台账的开头部分")


def roots_of(old, size, steps, old_root):
    """(root of `old` leaves, root of `size` leaves) as the steps say, which are used up from the outermost (the last).

    `old_root` stands for the leaves up to `old` as long as these are a complete subtree on their own; else None.
    """
    if old == size and old_root is not None:
        return old_root, old_root
    if not steps:
        raise Wrong("一致性证明过短")
    step = steps.pop()
    if old == size:
        return step, step
    left = 1 << ((size - 1).bit_length() - 1)
    if old <= left:
        first, second = roots_of(old, left, steps, old_root)
        return first, joined(second, step)
    first, second = roots_of(old - left, size - left, steps, None)
    return joined(step, first), joined(step, second)


# --- what is checked ---------------------------------------------------------------------------------
def check_proof(proof, key):
    """What to say of a proof that holds; raises Wrong."""
    canonical = proof["canonical"].encode()
    if hashlib.sha256(canonical).hexdigest() != proof["hash"]:
        raise Wrong("条目的摘要与内容不符")
    said = json.loads(canonical)
    if said["number"] != proof["number"] or proof["index"] != proof["number"] - 1:
        raise Wrong("台账号与内容不符")
    size, root = opened(proof["checkpoint"], key)
    path = [bytes.fromhex(each) for each in proof["path"]]
    if root_by_inclusion(proof["index"], size, leaf_of(sha256(canonical)), path) != root:
        raise Wrong("条目不在已签署的检查点之内")
    return f"相符：台账第 {said['number']} 号（{said['at']} {said['verb']} {said['subject']}）在 {size} 条的检查点之内"


def check_consistency_proof(proof, key):
    old, old_root = opened(proof["old_checkpoint"], key)
    size, root = opened(proof["checkpoint"], key)
    check_consistency(old, size, old_root, root, [bytes.fromhex(each) for each in proof["path"]])
    return f"相符：{size} 条的台账以 {old} 条的台账开头，其间没有改写"


# --- a paper (PDF) -----------------------------------------------------------------------------------
DOCUMENT_FORM = "changzhou-ip-registry/document/1"
MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d01090431220420")  # the signed digest, SHA-256


def proof_in(pdf):
    """The proof that a PDF carries as an embedded file."""
    for found in re.finditer(rb"/Type /EmbeddedFile\b.*?stream\r?\n", pdf, re.DOTALL):
        data = pdf[found.end() :]
        try:
            text = zlib.decompressobj().decompress(data) if b"/FlateDecode" in found[0] else data.split(b"endstream")[0]
            said = json.loads(text)
        except (zlib.error, ValueError):
            continue
        if isinstance(said, dict) and said.get("form") == DOCUMENT_FORM:
            return said
    raise Wrong("文件中没有台账证明")


def check_signed_bytes(pdf):
    """The signature covers the file from its first byte to its last, and the bytes are those that were signed."""
    ranges = re.findall(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)", pdf) or [(1, 0, 0, 0)]
    first, before, after, rest = map(int, ranges[-1])
    if first or not before < after or after + rest != len(pdf):
        raise Wrong("文件没有签名，或签名之后又添加了内容")
    signature = bytes.fromhex(pdf[before + 1 : after - 1].decode("ascii"))
    place = signature.find(MESSAGE_DIGEST)
    said = signature[place + len(MESSAGE_DIGEST) :][:32] if place >= 0 else b""
    if said != sha256(pdf[:before] + pdf[after:]):
        raise Wrong("文件内容与签名时不同")


def committed(content, salt):
    """The digest under which the ledger has the words of a paper."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{salt}:{unicodedata.normalize('NFC', text)}".encode()).hexdigest()


def check_document(pdf, key, notes):
    """(what to say of a paper that holds, the bytes of its pages); raises Wrong."""
    proof = proof_in(pdf)
    content, issued, rendered = proof["content"], proof["issued"], proof["rendered"]
    for each in (issued, rendered):
        check_proof(each, key)
    first, second = (json.loads(each["canonical"]) for each in (issued, rendered))
    if [first["verb"], second["verb"]] != ["document.issued", "document.rendered"]:
        raise Wrong("所附的不是签发文书的台账条目")
    if {first["subject"], second["subject"]} != {f"document:{content['number']}"}:
        raise Wrong("台账条目不是这份文书的")
    if first["payload"]["content"] != committed(content, proof["salt"]):
        raise Wrong("文书内容与台账记载不符")
    if second["payload"]["issued"] != first["number"]:
        raise Wrong("版面的台账条目不属于这次签发")
    pages = pdf[: second["payload"]["size"]]
    if sha256(pages).hex() != second["payload"]["sha256"]:
        raise Wrong("版面的字节与台账记载不符，文件被改动")
    check_signed_bytes(pdf)
    if notes and opened(rendered["checkpoint"], key) not in [opened(each, key) for each in notes]:
        raise Wrong("证明所用的检查点不在公布的检查点之中")
    return described(content, second), pages


def described(content, entry):
    lines = [
        f"相符：{content['title']} {content['number']}",
        f"  持有企业：{content['holder']}（{content['uscc']}）",
        f"  签发机关：{content['issuing_body']}；签发日期：{content['issued_on']}；有效期至：{content['valid_until']}",
        *(f"  {each}" for each in content["paragraphs"]),
        f"  版面记于台账第 {entry['number']} 号。请核对以上内容与所见版面一致；签发以后的变更请在线查验。",
    ]
    return "\n".join(lines)


def roots_by_size(found):
    roots = {}
    for size, root in found:
        if roots.setdefault(size, root) != root:
            raise Wrong(f"{size} 条的检查点有两份，所签署的内容不同")
    return roots


def check_export(lines, notes, key):
    """Each line is the canonical bytes of an entry, from number 1 on, chained; the roots are those that were signed."""
    roots = roots_by_size(opened(note, key) for note in notes)
    if not roots:
        raise Wrong("没有检查点")
    peaks, size, before, met = [], 0, "0" * 64, 0
    for line in lines:
        size += 1
        said = json.loads(line)
        if said["number"] != size or said["prev"] != before:
            raise Wrong(f"第 {size} 号与上一条不相连")
        before = sha256(line).hex()
        grow(peaks, size, leaf_of(sha256(line)))
        if size in roots:
            met = size
            if root_of(peaks) != roots[size]:
                raise Wrong(f"第 {size} 号及以前的条目与检查点不符")
    if met != max(roots):
        raise Wrong(f"只有 {size} 条，少于检查点的 {max(roots)} 条")
    return f"相符：{size} 条，与 {len(roots)} 个检查点一致（至第 {met} 号）"


def grow(peaks, size, node):
    """Add the leaf that makes the tree one of `size` leaves to the roots of its complete subtrees."""
    while not size & 1:
        node, size = joined(peaks.pop(), node), size >> 1
    peaks.append(node)


def root_of(peaks):
    found = peaks[-1]
    for peak in reversed(peaks[:-1]):
        found = joined(peak, found)
    return found


def checked(arguments):
    line = Path(arguments.key).read_text(encoding="utf-8") if Path(arguments.key).is_file() else arguments.key
    key = key_of(line)
    paths = sorted(Path(arguments.checkpoints).glob("*.txt")) if arguments.checkpoints else []
    notes = [path.read_text(encoding="utf-8") for path in paths]
    if Path(arguments.file).suffix.lower() == ".pdf":
        said, pages = check_document(Path(arguments.file).read_bytes(), key, notes)
        if arguments.original:
            Path(arguments.original).write_bytes(pages)
        return said
    if arguments.checkpoints:
        with Path(arguments.file).open("rb") as file:
            return check_export((row.rstrip(b"\n") for row in file), notes, key)
    proof = json.loads(Path(arguments.file).read_text(encoding="utf-8"))
    return check_consistency_proof(proof, key) if "old_checkpoint" in proof else check_proof(proof, key)


def say(text):
    sys.stdout.write(text + "\n")


def main(given=None):
    parser = argparse.ArgumentParser(description="离线核验台账证明")
    parser.add_argument("file", help="证书或文书（PDF），证明（JSON），或台账的全部条目（每行一条）")
    parser.add_argument("--key", required=True, help="登记机关公布的验证公钥，或含此行的文件")
    parser.add_argument("--checkpoints", help="检查点文件所在的目录（核验全部条目或 PDF 时）")
    parser.add_argument("--original", help="把 PDF 中经证明的原版面存为此文件")
    try:
        say(checked(parser.parse_args(given)))
    except Wrong as wrong:
        say(f"不符：{wrong}")
        return 1
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        say(f"无法读取：{type(error).__name__} {error}")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
