// Reads MSG files with Apache POI (HSMF) and prints what it found as JSON, a line a file. Run from source: java -cp … ReadMsg.java
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.poi.hsmf.MAPIMessage;
import org.apache.poi.hsmf.datatypes.AttachmentChunks;
import org.apache.poi.hsmf.datatypes.Chunk;
import org.apache.poi.hsmf.datatypes.ByteChunk;
import org.apache.poi.hsmf.datatypes.RecipientChunks;
import org.apache.poi.hsmf.datatypes.StringChunk;

public class ReadMsg {
  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, true, "UTF-8");
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
    for (String path = lines.readLine(); path != null; path = lines.readLine()) {
      try (MAPIMessage message = new MAPIMessage(path)) {
        out.println(of(message));
      } catch (Exception error) {
        out.println("{\"error\":" + text(error.toString()) + "}");
      }
    }
  }

  static String of(MAPIMessage message) throws Exception {
    message.setReturnNullOnMissingChunk(true);
    message.guess7BitEncoding();
    List<String> recipients = new ArrayList<>();
    for (RecipientChunks each : message.getRecipientDetailsChunks()) {
      recipients.add("[" + text(each.getRecipientName()) + "," + text(each.getRecipientEmailAddress()) + "]");
    }
    List<String> attachments = new ArrayList<>();
    for (AttachmentChunks each : message.getAttachmentFiles()) attachments.add(of(each));
    StringBuilder names = new StringBuilder();
    TreeMap<String, String> chunks = new TreeMap<>();
    Chunk[] named = message.getNameIdChunks() == null ? new Chunk[0] : message.getNameIdChunks().getChunks();
    for (Chunk each : named) {
      byte[] value = each instanceof ByteChunk ? ((ByteChunk) each).getValue() : ((StringChunk) each).getRawValue();
      chunks.put(each.getEntryName(), digest(value));
    }
    for (var each : chunks.entrySet()) {
      names.append(names.length() == 0 ? "" : ",").append(text(each.getKey())).append(":").append(text(each.getValue()));
    }
    return "{\"subject\":" + text(message.getSubject()) + ",\"text\":" + text(message.getTextBody())
        + ",\"html\":" + text(message.getHtmlBody()) + ",\"to\":" + text(message.getDisplayTo())
        + ",\"messageClass\":" + text(message.getMainChunks().getMessageClass() == null ? null : message.getMainChunks().getMessageClass().getValue())
        + ",\"recipients\":[" + String.join(",", recipients) + "],\"attachments\":[" + String.join(",", attachments)
        + "],\"names\":{" + names + "}}";
  }

  static String of(AttachmentChunks attachment) throws Exception {
    String name = attachment.getAttachLongFileName() == null ? null : attachment.getAttachLongFileName().getValue();
    String content = attachment.getAttachData() == null ? null : digest(attachment.getAttachData().getValue());
    String inner = attachment.isEmbeddedMessage() && attachment.getEmbeddedMessage() != null ? of(attachment.getEmbeddedMessage()) : "null";
    return "{\"name\":" + text(name) + ",\"content\":" + text(content) + ",\"message\":" + inner + "}";
  }

  static String digest(byte[] octets) throws Exception {
    StringBuilder hex = new StringBuilder();
    for (byte each : MessageDigest.getInstance("SHA-1").digest(octets)) hex.append(String.format("%02x", each));
    return octets.length + " " + hex;
  }

  static String text(String value) {
    if (value == null) return "null";
    StringBuilder quoted = new StringBuilder("\"");
    for (char each : value.toCharArray()) {
      if (each == '"' || each == '\\') quoted.append('\\').append(each);
      else if (each < 0x20) quoted.append(String.format("\\u%04x", (int) each));
      else quoted.append(each);
    }
    return quoted.append('"').toString();
  }
}
