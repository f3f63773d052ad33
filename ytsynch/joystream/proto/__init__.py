"""Joystream's metadata messages: `metadata.proto` is the source, the other two files are generated from it.

Run in the project's folder (`grpcio-tools` is among the development requirements), as a test does to compare:

    python -m grpc_tools.protoc --proto_path=. --python_out=. --pyi_out=. \\
        ytsynch/joystream/proto/metadata.proto
"""
