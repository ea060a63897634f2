# SPDX-License-Identifier: Apache-2.0
"""Plays MP4 and MOV files as cameras: rtsp://127.0.0.1:PORT/NAME, NAME being the file's without its
ending. Prints the port and serves over TCP and UDP. Files are of H.264, or of the codec after "=".

    rtsp_server.py [--user NAME:PASSWORD [--basic]] [--tls PEM] FILE[=h265|=jpeg]...

With a user it asks for a digest, or for the basic password itself; with a certificate and its key
it speaks RTSPS. Exit code 77 when GStreamer's server or a part that it needs is missing.
"""

import argparse
import sys
from pathlib import Path

try:
    import gi

    gi.require_version("Gst", "1.0")
    gi.require_version("GstRtsp", "1.0")
    gi.require_version("GstRtspServer", "1.0")
    from gi.repository import Gio, GLib, Gst, GstRtsp, GstRtspServer
except (ImportError, ValueError):
    sys.exit(77)

PIPELINE = '( filesrc location="{}" ! qtdemux ! rtp{}pay name=pay0 pt=96 {} )'


def guard(server, options):
    auth = GstRtspServer.RTSPAuth()
    if options.tls:
        auth.set_tls_certificate(Gio.TlsCertificate.new_from_file(options.tls))
    if options.user:
        name, _, password = options.user.partition(":")
        token = GstRtspServer.RTSPToken()
        token.set_string(GstRtspServer.RTSP_TOKEN_MEDIA_FACTORY_ROLE, name)
        if options.basic:
            auth.add_basic(GstRtspServer.RTSPAuth.make_basic(name, password), token)
        else:
            auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
            auth.add_digest(name, password, token)
    server.set_auth(auth)


def factory_of(text, user):
    path, _, codec = text.partition("=")
    codec = codec or "h264"
    more = "" if codec == "jpeg" else "config-interval=-1"
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(PIPELINE.format(path, codec, more))
    if user:
        factory.add_role_from_structure(
            Gst.Structure.from_string(
                f"{user.partition(':')[0]}, media.factory.access=true, media.factory.construct=true"
            )[0]
        )
    return f"/{Path(path).stem}", factory


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--user")
    parser.add_argument("--basic", action="store_true")
    parser.add_argument("--tls")
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    Gst.init(None)
    if not all(map(Gst.ElementFactory.find, ("qtdemux", "rtph264pay"))):
        sys.exit(77)
    server = GstRtspServer.RTSPServer()
    if options.user or options.tls:
        guard(server, options)
    server.set_address("127.0.0.1")
    server.set_service("0")
    for text in options.files:
        server.get_mount_points().add_factory(*factory_of(text, options.user))
    server.attach(None)
    print(server.get_bound_port(), flush=True)
    GLib.MainLoop().run()


if __name__ == "__main__":
    main()
