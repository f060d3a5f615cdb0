package dev.turnout.control.model;

import dev.turnout.math.Sha256;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A model artefact as it arrives: chunks first, the manifest last. Not safe for use by several
 * threads.
 */
final class Artefact {
  private final String version;
  private final Map<Integer, ByteBuffer> chunks = new TreeMap<>();
  private @Nullable Manifest manifest;

  /** The manifest record of the whole artefact. */
  private record Manifest(int chunks, @Nullable String digest) {}

  Artefact(String version) {
    this.version = version;
  }

  void addChunk(int index, @Nullable ByteBuffer payload) {
    if (payload != null) {
      chunks.put(index, payload);
    }
  }

  /** Bytes of the chunks so far; one that came twice counts once. */
  long size() {
    return chunks.values().stream().mapToLong(ByteBuffer::remaining).sum();
  }

  void setManifest(int chunkCount, @Nullable String digest) {
    manifest = new Manifest(chunkCount, digest);
  }

  /**
   * Puts the chunks together and checks them against the manifest.
   *
   * @return the artefact's bytes
   * @throws ModelRejectedException if a part is missing or the digest differs
   */
  byte[] assemble() {
    Manifest expected = manifest;
    if (expected == null) {
      throw new ModelRejectedException(
          "model " + version + " has no manifest on the topic; publish it again");
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (int i = 0; i < expected.chunks(); i++) {
      ByteBuffer chunk = chunks.get(i);
      if (chunk == null) {
        throw new ModelRejectedException(
            "model "
                + version
                + " lacks chunk "
                + i
                + " of "
                + expected.chunks()
                + "; publish it again");
      }
      byte[] bytes = new byte[chunk.remaining()];
      chunk.duplicate().get(bytes);
      whole.writeBytes(bytes);
    }
    byte[] bytes = whole.toByteArray();
    String found = Sha256.hex(bytes);
    if (!found.equals(expected.digest())) {
      throw new ModelRejectedException(
          "model "
              + version
              + " is corrupt: its manifest says digest "
              + expected.digest()
              + ", its chunks have "
              + found
              + "; publish it again");
    }
    return bytes;
  }
}
