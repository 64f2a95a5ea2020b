"""The message of commands that find no running site."""


def no_site_at(url: str) -> str:
    return (
        f"No site answers at {url}. Start it with  make run  in another terminal; "
        "if it has other ports, say so here as well: API_PORT, AWS_PORT, EDGE_PORT."
    )
