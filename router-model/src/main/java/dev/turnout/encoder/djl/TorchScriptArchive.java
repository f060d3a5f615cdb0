package dev.turnout.encoder.djl;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a TorchScript archive from source text: the form {@code torch.jit.save} gives a scripted
 * module that holds no tensors, only code. It lets the graph live as readable text in the
 * repository and the weights come as an argument, whatever their width and device.
 *
 * <p>The archive is a zip of uncompressed entries: {@code code/__torch__.py} (the class), {@code
 * data.pkl} (a pickle of the one object), {@code constants.pkl} (a pickle of an empty tuple) and
 * {@code version}.
 */
final class TorchScriptArchive {
  private static final byte[] EMPTY_TUPLE = {(byte) 0x80, 2, ')', '.'};

  private TorchScriptArchive() {}

  /**
   * The archive of one object.
   *
   * @param className the class in {@code source}, without its module
   * @param source serialised TorchScript of a class whose only attribute is {@code training : bool}
   */
  static byte[] of(String className, String source) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      String root = className + "/";
      store(zip, root + "data.pkl", object(className));
      store(zip, root + "code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
      store(zip, root + "constants.pkl", EMPTY_TUPLE);
      store(zip, root + "version", "3\n".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  /** Protocol 2: {@code __torch__.className()} with the state {@code {"training": False}}. */
  private static byte[] object(String className) {
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    pickle.write(0x80);
    pickle.write(2);
    pickle.writeBytes(("c__torch__\n" + className + "\n").getBytes(StandardCharsets.US_ASCII));
    pickle.writeBytes(new byte[] {')', (byte) 0x81, '}', '('});
    byte[] attribute = "training".getBytes(StandardCharsets.US_ASCII);
    pickle.writeBytes(new byte[] {'X', (byte) attribute.length, 0, 0, 0});
    pickle.writeBytes(attribute);
    pickle.writeBytes(new byte[] {(byte) 0x89, 'u', 'b', '.'});
    return pickle.toByteArray();
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(checksum.getValue());
    entry.setTime(0);
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
