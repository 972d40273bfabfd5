Attribute VB_Name = "Gouji"
Option Explicit

' VBA source must stay ASCII, whatever the code page of the machine that builds or reads it: what the user sees is kept
' as the code points of its characters, with the meaning beside it.

' The title of every message: budget disclosure.
Private Const TITLE As String = "9884 7B97 516C 5F00"

' The add-in is incomplete; please install it again.
Private Const INCOMPLETE As String = "52A0 8F7D 9879 4E0D 5B8C 6574 FF0C 8BF7 91CD 65B0 5B89 88C5 3002"

' Please open a workbook first (in Protected View, click Enable Editing first), then click this button again.
Private Const NO_WORKBOOK As String = _
    "8BF7 5148 6253 5F00 4E00 4E2A 5DE5 4F5C 7C3F " & _
    "FF08 5728 53D7 4FDD 62A4 7684 89C6 56FE 91CC FF0C 5148 70B9 201C 542F 7528 7F16 8F91 201D FF09 " & _
    "FF0C 518D 70B9 8FD9 4E2A 6309 94AE 3002"

' A file name cannot hold an equals sign or a percent sign. Please rename and try again.
Private Const BAD_NAME As String = _
    "6587 4EF6 540D 91CC 4E0D 80FD 6709 7B49 53F7 FF08 003D FF09 6216 767E 5206 53F7 " & _
    "FF08 0025 FF09 3002 8BF7 6539 540D 540E 518D 8BD5 3002"

' The Python to use is not set, or the one that is set is gone. Please run gouji-addin install, then click this
' button again.
Private Const NO_PYTHON As String = _
    "6CA1 6709 8BBE 7F6E 8981 7528 7684 0020 0050 0079 0074 0068 006F 006E FF0C " & _
    "6216 8005 8BBE 7F6E 7684 0020 0050 0079 0074 0068 006F 006E 0020 5DF2 7ECF 4E0D 5728 4E86 3002 " & _
    "8BF7 8FD0 884C 0020 0067 006F 0075 006A 0069 002D 0061 0064 0064 0069 006E " & _
    "0020 0069 006E 0073 0074 0061 006C 006C FF0C " & _
    "518D 70B9 8FD9 4E2A 6309 94AE 3002"

' Not done: (followed by Excel's own description, in the language of Excel).
Private Const FAILED As String = "6CA1 6709 5B8C 6210 FF1A"

' The program did not start; gouji may not be installed right, or be upgraded by half. Please run gouji-addin status to
' see why; if there is no such command, install gouji again.
Private Const NOT_STARTED As String = _
    "7A0B 5E8F 6CA1 6709 542F 52A8 FF0C 53EF 80FD 662F 0020 0067 006F 0075 006A 0069 0020 " & _
    "6CA1 6709 88C5 597D FF0C 6216 8005 5347 7EA7 5230 4E00 534A 3002 " & _
    "8BF7 8FD0 884C 0020 0067 006F 0075 006A 0069 002D 0061 0064 0064 0069 006E " & _
    "0020 0073 0074 0061 0074 0075 0073 0020 770B 539F 56E0 FF1B " & _
    "6CA1 6709 8FD9 4E2A 547D 4EE4 7684 FF0C 8BF7 91CD 65B0 5B89 88C5 0020 0067 006F 0075 006A 0069 3002"

' What a sentence of ours ends with.
Private Const FULL_STOP As String = "3002"

' Characters of a technical text; a message box holds about 1,000.
Private Const MOST As Long = 700

' Every button of the ribbon comes here. The tag becomes part of the code that Python runs, so only these are let
' through.
Public Sub GoujiOnAction(control As IRibbonControl)
    On Error GoTo Trouble
    If Not HasPython() Then
        Complain Chinese(NO_PYTHON)
        Exit Sub
    End If
    Select Case control.Tag
        Case "validate", "fill", "restore", "compare", "clear_marks"
            RunOnWorkbook control.Tag
        Case "new_template", "help"
            RunAnywhere control.Tag
        Case Else
            Complain Chinese(INCOMPLETE)
    End Select
    Exit Sub
Trouble:
    Complain Chinese(FAILED) & Err.Description
End Sub

Private Sub RunOnWorkbook(ByVal button As String)
    Dim reason As String
    reason = Obstacle()
    If reason = "" Then
        RunButton button
    Else
        Complain reason
    End If
End Sub

' These buttons are not about the open workbook, but xlwings must have one to name: a blank one stands in while Python
' runs. On macOS RunPython does not wait for Python, so there it stays open.
Private Sub RunAnywhere(ByVal button As String)
    Dim substitute As Workbook
    If Obstacle() = "" Then
        RunButton button
    Else
        Set substitute = Workbooks.Add
        RunButton button
        If Application.PathSeparator = "\" Then
            substitute.Close False
        End If
    End If
End Sub

Private Sub RunButton(ByVal button As String)
    RunPython "import gouji_addin.buttons; gouji_addin.buttons." & button & "()"
End Sub

' xlwings passes the workbook on by its name, as an argument split at an equals sign, on a command line in which a
' percent sign could stand for a variable that ends the quotes around it.
Private Function Obstacle() As String
    If ActiveWorkbook Is Nothing Then
        Obstacle = Chinese(NO_WORKBOOK)
    ElseIf InStr(ActiveWorkbook.Name, "=") > 0 Or InStr(ActiveWorkbook.Name, "%") > 0 Then
        Obstacle = Chinese(BAD_NAME)
    End If
End Function

' Whether the settings name a Python that is there. Without one xlwings would complain in English on Windows, and run
' whichever it finds on macOS; there the sandbox does not let Excel see whether the file exists.
Private Function HasPython() As Boolean
    Dim setting As String, path As String, onWindows As Boolean
    onWindows = Application.PathSeparator = "\"
    setting = "INTERPRETER_MAC"
    If onWindows Then
        setting = "INTERPRETER_WIN"
    End If
    path = GetConfig(setting, "")
    If path = "" Then
        path = GetConfig("INTERPRETER", "")
    End If
    HasPython = path <> ""
    If onWindows Then
        HasPython = FileExists(path)
    End If
End Function

' xlwings comes here with what Python wrote when it ended with an error. A button whose message box Excel does not show
' ends with one sentence of ours and exit code 1. All else means that Python did not get as far as the button; of a
' traceback the last lines say most.
Public Sub GoujiNotDone(ByVal exitCode As Long, ByVal said As String)
    If exitCode = 1 And InStr(said, Chinese(FULL_STOP)) > 0 And InStr(said, "Traceback") = 0 Then
        Complain said
    Else
        Complain Chinese(NOT_STARTED) & vbCrLf & vbCrLf & Right(said, MOST)
    End If
End Sub

Private Sub Complain(ByVal message As String)
    MsgBox message, vbExclamation, Chinese(TITLE)
End Sub

Private Function Chinese(ByVal points As String) As String
    Dim point As Variant
    For Each point In Split(points, " ")
        Chinese = Chinese & ChrW(CLng("&H" & point))
    Next point
End Function
