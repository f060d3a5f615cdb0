package dev.turnout.encoder.djl;

import dev.turnout.encoder.EncoderException;
import dev.turnout.encoder.Fingerprint;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * Weights of the embedded transformer after fine-tuning, and their file: magic {@code TRNE}, format
 * version (int32, 1), number of tensors (int32), per tensor its rank (int32), lengths (int32 each)
 * and float32 values row-major, then the CRC-32C of all before (int64); big-endian. The tensors
 * come in the order of {@link BertWeights}.
 */
public final class FineTunedWeights {
  private static final int MAGIC = 0x54524E45;
  private static final int VERSION = 1;

  private final List<BertWeights.Weight> tensors;

  public FineTunedWeights(List<BertWeights.Weight> tensors) {
    this.tensors = List.copyOf(tensors);
  }

  public List<BertWeights.Weight> tensors() {
    return tensors;
  }

  /** Twelve hex digits that change with any weight. */
  public String digest() {
    Fingerprint fingerprint = new Fingerprint();
    try (OutputStream sink = OutputStream.nullOutputStream()) {
      for (BertWeights.Weight tensor : tensors) {
        fingerprint.reading(new ByteArrayInputStream(bytes(tensor))).transferTo(sink);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory failed", e);
    }
    return fingerprint.digest();
  }

  /**
   * Writes the file, replacing what is there.
   *
   * @throws IOException if it cannot be written
   */
  public void write(Path file) throws IOException {
    CRC32C checksum = new CRC32C();
    try (OutputStream stream = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
        DataOutputStream out = new DataOutputStream(new CheckedOutputStream(stream, checksum))) {
      out.writeInt(MAGIC);
      out.writeInt(VERSION);
      out.writeInt(tensors.size());
      for (BertWeights.Weight tensor : tensors) {
        out.writeInt(tensor.shape().length);
        for (long length : tensor.shape()) {
          out.writeInt(Math.toIntExact(length));
        }
        out.write(bytes(tensor));
      }
      out.writeLong(checksum.getValue());
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws EncoderException if the file is missing, damaged or something else
   */
  public static FineTunedWeights read(Path file) {
    CRC32C checksum = new CRC32C();
    try (InputStream stream = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        DataInputStream in = new DataInputStream(new CheckedInputStream(stream, checksum))) {
      if (in.readInt() != MAGIC || in.readInt() != VERSION) {
        throw new IOException("no fine-tuned weights of format version " + VERSION);
      }
      int count = in.readInt();
      List<BertWeights.Weight> tensors = new ArrayList<>();
      long left = Files.size(file);
      for (int i = 0; i < count; i++) {
        BertWeights.Weight tensor = tensor(in, left);
        left -= 4L * tensor.values().length;
        tensors.add(tensor);
      }
      long expected = checksum.getValue();
      if (in.readLong() != expected) {
        throw new IOException("the checksum does not match");
      }
      return new FineTunedWeights(tensors);
    } catch (IOException e) {
      throw new EncoderException(
          "encoder: cannot read fine-tuned weights "
              + file
              + " ("
              + e
              + "); copy the file that `turnout train --fine-tune` wrote beside the model once more",
          e);
    }
  }

  private static BertWeights.Weight tensor(DataInputStream in, long left) throws IOException {
    int rank = in.readInt();
    if (rank < 1 || rank > 2) {
      throw new IOException("a tensor has " + rank + " axes, but must have 1 or 2");
    }
    long[] shape = new long[rank];
    long size = 1;
    for (int axis = 0; axis < rank; axis++) {
      shape[axis] = in.readInt();
      size *= shape[axis];
      if (shape[axis] < 1 || 4 * size > left) {
        throw new IOException("a tensor is larger than the file");
      }
    }
    byte[] bytes = in.readNBytes((int) (4 * size));
    if (bytes.length < 4 * size) {
      throw new IOException("the file ends early");
    }
    float[] values = new float[(int) size];
    ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
    return new BertWeights.Weight(shape, values);
  }

  private static byte[] bytes(BertWeights.Weight tensor) {
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(4, tensor.values().length));
    bytes.asFloatBuffer().put(tensor.values());
    return bytes.array();
  }
}
