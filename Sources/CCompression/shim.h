#include <zlib.h>
#include <zstd.h>
#include <lz4frame.h>
