package dev.turnout.app.data;

import dev.turnout.encoder.EncoderId;
import dev.turnout.math.Sha256;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps vectors on disk, keyed by the encoder's identity and a digest of the texts, so that a
 * second run need not encode again. A cache that cannot be read or written is merely not used.
 */
public final class EmbeddingCache {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddingCache.class);
  private static final int MAGIC = 0x54524e45;

  private final @Nullable Path folder;

  private EmbeddingCache(@Nullable Path folder) {
    this.folder = folder;
  }

  /**
   * Vectors and what they took to make.
   *
   * @param vectors {@code float[texts][dimension]}
   * @param seconds how long encoding took when it was done
   */
  public record Entry(float[][] vectors, double seconds) {}

  /** The cache of this user, in the folder that XDG_CACHE_HOME names, else ~/.cache. */
  static EmbeddingCache ofUser() {
    String cache = System.getenv("XDG_CACHE_HOME");
    Path base =
        cache == null || cache.isBlank()
            ? Path.of(System.getProperty("user.home", "."), ".cache")
            : Path.of(cache);
    return new EmbeddingCache(base.resolve("turnout").resolve("embeddings"));
  }

  static EmbeddingCache in(Path folder) {
    return new EmbeddingCache(folder);
  }

  /** The user's cache, or none. */
  public static EmbeddingCache of(boolean cached) {
    return cached ? ofUser() : none();
  }

  /** Remembers nothing. */
  static EmbeddingCache none() {
    return new EmbeddingCache(null);
  }

  Optional<Entry> get(EncoderId encoder, List<String> texts) {
    if (folder == null) {
      return Optional.empty();
    }
    Path file = folder.resolve(fileName(encoder, texts));
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
      if (in.readInt() != MAGIC
          || in.readInt() != texts.size()
          || in.readInt() != encoder.dimension()) {
        return Optional.empty();
      }
      double seconds = in.readDouble();
      float[][] vectors = new float[texts.size()][encoder.dimension()];
      for (float[] vector : vectors) {
        for (int k = 0; k < vector.length; k++) {
          vector[k] = in.readFloat();
        }
      }
      return Optional.of(new Entry(vectors, seconds));
    } catch (IOException e) {
      LOG.atWarn()
          .setMessage("cached vectors cannot be read and are made again")
          .addKeyValue("file", file)
          .addKeyValue("cause", e)
          .log();
      return Optional.empty();
    }
  }

  void put(EncoderId encoder, List<String> texts, Entry entry) {
    if (folder == null) {
      return;
    }
    Path file = folder.resolve(fileName(encoder, texts));
    try {
      Files.createDirectories(folder);
      Path part = Files.createTempFile(folder, "part", ".tmp");
      try (DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(part), 1 << 16))) {
        out.writeInt(MAGIC);
        out.writeInt(texts.size());
        out.writeInt(encoder.dimension());
        out.writeDouble(entry.seconds());
        for (float[] vector : entry.vectors()) {
          for (float value : vector) {
            out.writeFloat(value);
          }
        }
      }
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.atWarn()
          .setMessage("vectors cannot be cached")
          .addKeyValue("file", file)
          .addKeyValue("cause", e)
          .log();
    }
  }

  private static String fileName(EncoderId encoder, List<String> texts) {
    MessageDigest digest = Sha256.newDigest();
    digest.update(encoder.toString().getBytes(StandardCharsets.UTF_8));
    for (String text : texts) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      digest.update(Integer.toString(bytes.length).getBytes(StandardCharsets.UTF_8));
      digest.update(bytes);
    }
    String hex = HexFormat.of().formatHex(digest.digest());
    return encoder.digest() + "-" + hex.substring(0, 24) + ".vectors";
  }
}
