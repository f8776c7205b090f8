"""Files of the national tables, and short ways to bring them in."""

from __future__ import annotations

import csv
import io

from credit.enterprises.national import services
from kernel.web.export import xlsx_response
from kernel.web.viewmodels import Column

CONTRACTS = "TBContractRecordManage"
# Who confirms what each of the officers brings.
OTHER = {"one": "two", "two": "one", "far": "upper", "upper": "upper2"}


def as_csv(*rows, encoding="utf-8-sig"):
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def as_xml(table, *rows):
    lines = "".join(
        f"<{table}>" + "".join(f"<{k}>{v}</{k}>" for k, v in row.items()) + f"</{table}>"
        for row in rows
    )
    return f'<?xml version="1.0"?><Data>{lines}</Data>'.encode()


def as_xlsx(*rows):
    heads = tuple(Column(name) for name in rows[0])
    response = xlsx_response("x", heads, (tuple(row.values()) for row in rows))
    return b"".join(response.streaming_content)


def brought(people, content, table=CONTRACTS, who="one"):
    """A file that one officer brought."""
    return services.bring_in(actor=people[who], table=table, content=content, file_name="数据.csv")


def bring(people, content, table=CONTRACTS, who="one"):
    """The same, confirmed by another."""
    job = brought(people, content, table, who)
    if job.state != "waiting":
        return job
    return services.confirm(actor=people[OTHER[who]], pk=job.pk)
